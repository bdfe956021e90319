import type { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import { signedDayOf } from '../engine/completions.ts'
import type { Completion, SignedDay } from '../engine/completions.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { ProcessAggregates } from '../engine/process-aggregates.ts'
import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import type { OrderView } from './match-order.ts'
import { scanOrders } from './scan-orders.ts'
import type { Span } from './shift-period.ts'

/**
 * The selected orders by the day on which they arrived and ended. Days are identified by the instant at which they
 * start.
 */
export interface OrderDays {
  /** Arrived and not ended, including those between stages. */
  readonly openCount: number
  arrived(day: number): number
  departed(day: number): number
  /** Orders signed on the day, in any number of parts. */
  signed(day: number): readonly SignedDay[]
}

/** All orders of some processes, from the engine's aggregates. */
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

/** Orders are counted regardless of their visibility, and without any state that changes with time. */
const countingView: OrderView = { privacy: openPrivacy, now: Infinity }

interface CountedDay {
  arrived: number
  departed: number
  readonly signed: Completion[]
}

/**
 * Orders of some departments, customers, classes or products, for which there are no aggregates, so each order is
 * checked.
 */
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

/** Selected orders that arrived, ended and were signed within a period that is not made of whole days. */
export interface SpanCounts {
  readonly arrived: number
  readonly departed: number
  readonly signed: SignedDay
}

/** The same for several disjoint periods. Checks order by order, because aggregates are by day. */
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

/** All orders of the processes, whenever they ended. */
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
