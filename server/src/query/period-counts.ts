import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import type { OverviewAnswer } from '@stagewatch/shared/contract/overview.ts'
import type { SignedDay } from '../engine/completions.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { nearestRank } from '../engine/nearest-rank.ts'
import type { ProcessAggregates } from '../engine/process-aggregates.ts'
import type { TimeSpan } from '../engine/time-columns.ts'
import { countWithin } from './order-days.ts'
import type { OrderDays } from './order-days.ts'
import { shiftBefore, shiftBeganAt } from './shift-period.ts'

type Signed = OverviewAnswer['signed']['previous']

/** Orders that arrived, left and were signed in a period, and orders signed in the period before. */
interface PeriodCounts {
  readonly arrived: number
  readonly departed: number
  readonly signed: Signed
  readonly previous: Signed
}

export function countDays(engine: LiveEngine, days: OrderDays, spans: readonly TimeSpan[]): PeriodCounts {
  const starts = spans.map(({ from }) => from)
  const [first = 0] = starts
  const sum = (count: (day: number) => number): number => starts.reduce((total, day) => total + count(day), 0)
  return {
    arrived: sum((day) => days.arrived(day)),
    departed: sum((day) => days.departed(day)),
    signed: signedOn(days, starts),
    previous: signedOn(days, daysBefore(engine, first, starts.length)),
  }
}

/**
 * The same for the current shift, in two parts: events that a source dates after now count as having happened by now.
 */
export function* countShift(
  engine: LiveEngine,
  query: Choice,
  processes: ReadonlySet<ProcessAggregates>,
  now: number,
): Generator<void, PeriodCounts> {
  const from = shiftBeganAt(engine, query, now) ?? now
  const before = shiftBefore(engine, query, now) ?? { from, to: from }
  const [previous, current] = yield* countWithin(engine, query, processes, [before, { from, to: Infinity }])
  return {
    arrived: current?.arrived ?? 0,
    departed: current?.departed ?? 0,
    signed: describeSigned(current === undefined ? [] : [current.signed]),
    previous: describeSigned(previous === undefined ? [] : [previous.signed]),
  }
}

function daysBefore(engine: LiveEngine, first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => engine.days.startOfOffset(first, i - count))
}

function signedOn(orders: OrderDays, days: readonly number[]): Signed {
  return describeSigned(days.flatMap((day) => orders.signed(day)))
}

export function describeSigned(parts: readonly SignedDay[]): Signed {
  const sum = (count: (part: SignedDay) => number): number => parts.reduce((total, part) => total + count(part), 0)
  const leadTimes = parts.map(({ leadTimesMs }) => leadTimesMs)
  const [leadTimeP50Ms, leadTimeP90Ms] = [nearestRank(leadTimes, 0.5), nearestRank(leadTimes, 0.9)]
  return {
    signed: sum(({ signed }) => signed),
    promised: sum(({ promised }) => promised),
    onTime: sum(({ onTime }) => onTime),
    ...(leadTimeP50Ms !== undefined && { leadTimeP50Ms }),
    ...(leadTimeP90Ms !== undefined && { leadTimeP90Ms }),
  }
}
