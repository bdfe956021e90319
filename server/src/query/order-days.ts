import type { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import { signedDayOf } from '../engine/completions.ts'
import type { Completion, SignedDay } from '../engine/completions.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { ProcessAggregates } from '../engine/process-aggregates.ts'
import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/privacy.ts'
import type { OrderView } from './match-order.ts'
import { scanOrders } from './scan-orders.ts'
import type { Span } from './shift-period.ts'

/** The chosen orders as wholes, by the day on which they came and ended. Days are told by the instant they begin. */
export interface OrderDays {
  /** Came and did not end, those between stages included. */
  readonly openCount: number
  arrived(day: number): number
  departed(day: number): number
  /** What was signed on the day, in any number of parts. */
  signed(day: number): readonly SignedDay[]
}

/** Every order of some processes, from what the engine keeps of each. */
export function allOrderDays(processes: readonly ProcessAggregates[]): OrderDays {
  const sum = (count: (process: ProcessAggregates) => number): number =>
    processes.reduce((total, process) => total + count(process), 0)
  return {
    openCount: sum(({ openCount }) => openCount),
    arrived: (day) => sum(({ arrivals }) => arrivals.of(day)),
    departed: (day) => sum(({ departures }) => departures.of(day)),
    signed: (day) => processes.map(({ completions }) => completions.of(day)),
  }
}

/** Orders are counted whoever may see them, and none by a state that time changes. */
const countingView: OrderView = { privacy: openPrivacy, now: Infinity }

interface CountedDay {
  arrived: number
  departed: number
  readonly signed: Completion[]
}

/** Orders of some departments, customers, classes or products, which no ledger is kept of: one after the other. */
export function* chosenOrderDays(
  engine: LiveEngine,
  query: Choice,
  processes: ReadonlySet<ProcessAggregates>,
): Generator<void, OrderDays> {
  const byDay = new Map<number, CountedDay>()
  let openCount = 0
  yield* scanOrders(
    engine,
    wholeChoice(query, processes),
    countingView,
    ({ counted: { head, arrivedAt, completion } }) => {
      countedDay(byDay, engine.days, arrivedAt).arrived += 1
      if (head.endedAt === undefined) openCount += 1
      else countedDay(byDay, engine.days, head.endedAt).departed += 1
      if (completion !== undefined) countedDay(byDay, engine.days, completion.endedAt).signed.push(completion)
    },
  )
  return {
    openCount,
    arrived: (day) => byDay.get(day)?.arrived ?? 0,
    departed: (day) => byDay.get(day)?.departed ?? 0,
    signed: (day) => [signedDayOf(byDay.get(day)?.signed ?? [])],
  }
}

/** What of the chosen orders came, ended and was signed within a span of time that is no whole days. */
export interface SpanCounts {
  readonly arrived: number
  readonly departed: number
  readonly signed: SignedDay
}

/** The same for spans that do not overlap, from one order after the other: ledgers are kept by day. */
export function* countWithin(
  engine: LiveEngine,
  query: Choice,
  processes: ReadonlySet<ProcessAggregates>,
  spans: readonly Span[],
): Generator<void, SpanCounts[]> {
  const counts = spans.map(() => ({ arrived: 0, departed: 0, signed: [] as Completion[] }))
  const begin = Math.min(...spans.map(({ from }) => from))
  const at = (instant: number) => counts[spans.findIndex(({ from, to }) => instant >= from && instant < to)]
  yield* scanOrders(engine, wholeChoice(query, processes), countingView, ({ counted, endedAt }) => {
    if (endedAt < begin) return
    const { head, arrivedAt, completion } = counted
    const arrived = at(arrivedAt)
    const departed = head.endedAt === undefined ? undefined : at(head.endedAt)
    if (arrived !== undefined) arrived.arrived += 1
    if (departed !== undefined) departed.departed += 1
    if (completion !== undefined) at(completion.endedAt)?.signed.push(completion)
  })
  return counts.map(({ signed, ...rest }) => ({ ...rest, signed: signedDayOf(signed) }))
}

/** Of the processes, whenever they ended. */
function wholeChoice(query: Choice, processes: ReadonlySet<ProcessAggregates>): Choice {
  return {
    ...query,
    process: [...processes].map(({ definition }) => definition.code),
    from: undefined,
    to: undefined,
  }
}

function countedDay(byDay: Map<number, CountedDay>, days: LocalDays, at: number): CountedDay {
  const day = days.startOf(at)
  const known = byDay.get(day)
  if (known !== undefined) return known
  const counted = { arrived: 0, departed: 0, signed: [] }
  byDay.set(day, counted)
  return counted
}
