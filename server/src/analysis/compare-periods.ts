import { maxComparedDays } from '@stagewatch/shared/contract/analysis-compare.ts'
import type { CompareAnswer, CompareQuery } from '@stagewatch/shared/contract/analysis-compare.ts'
import { matchDays } from '@stagewatch/shared/domain/analysis/matched-days.ts'
import type { DayPair, PeriodDay } from '@stagewatch/shared/domain/analysis/matched-days.ts'
import { seededRandom } from '@stagewatch/shared/domain/analysis/seeded-random.ts'
import type { SignedDay } from '../engine/completions.ts'
import { GroupTable } from '../engine/group-table.ts'
import type { VisitGroup } from '../engine/group-table.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { ScanWatch } from '../engine/scans/scan-watch.ts'
import type { VisitScans } from '../engine/scans/visit-scans.ts'
import { timeColumns } from '../engine/time-columns.ts'
import { AppError } from '../platform/app-error.ts'
import { inSlices } from '../platform/in-slices.ts'
import { olderThan } from '../query/older-visits.ts'
import { allOrderDays, chosenOrderDays } from '../query/order-days.ts'
import type { OrderDays } from '../query/order-days.ts'
import { chosenStages, isNarrowed, visitFilter } from '../query/visit-choice.ts'
import { compareDurations, compareRates, compareShares } from './compared-figures.ts'
import type { DayDurations } from './compared-figures.ts'

const defaultDays = 28
/** A fixed seed, so that the same query has the same answer. */
const seed = 20_261_127

/** Values of the two periods for the same key. */
interface Both<T> {
  readonly before: T
  readonly after: T
}

interface Span {
  readonly from: number
  readonly to: number
}

/**
 * Compares the figures of two periods on comparable days.
 * @param now epoch ms.
 * @throws AppError `invalid_field` if a period is invalid or too long, or does not end before the other starts.
 */
export async function comparePeriods(
  engine: LiveEngine,
  query: CompareQuery,
  now: number,
  scans: VisitScans,
  watch = new ScanWatch(),
): Promise<Omit<CompareAnswer, 'asOf' | 'position'>> {
  const { periods, days, pairs } = comparedDays(engine, query, now)
  const before = await countStages(engine, query, periods.before, scans)
  const after = await countStages(engine, query, periods.after, scans)
  const orders = await orderDaysOf(engine, query)
  const random = seededRandom(seed)
  return inSlices(watch.whileWanted(compare()))

  function* compare(): Generator<void, Omit<CompareAnswer, 'asOf' | 'position'>> {
    const stages: CompareAnswer['stages'] = []
    for (const stage of chosenStages(engine, query)) {
      const ofBefore = before.get(stage.index)
      const ofAfter = after.get(stage.index)
      if (ofBefore === undefined && ofAfter === undefined) continue
      const groups = pairs.map((pair) => ({ before: ofBefore?.get(pair.before), after: ofAfter?.get(pair.after) }))
      const durations = groups.map((group) => both(group, durationsOf))
      const visits = groups.map((group) => both(group, (each) => each?.visits ?? 0))
      const breaches = groups.map((group) => both(group, (each) => each?.breaches ?? 0))
      const hasTarget = groups.some((group) => (group.before?.withTarget ?? 0) + (group.after?.withTarget ?? 0) > 0)
      stages.push({
        stage: stage.definition.code,
        name: stage.definition.name,
        process: stage.process,
        ...(yield* compareDurations(durations, random)),
        ...(hasTarget && { breachRatio: compareShares(breaches, visits) }),
        perDay: compareRates(visits),
      })
      yield
    }
    return {
      before: describePeriod(periods.before, days.before),
      after: describePeriod(periods.after, days.after),
      matchedDays: pairs.length,
      orders: yield* compareOrders(orders, pairs, random),
      stages,
      ...olderThan(engine, periods.before.from),
    }
  }
}

/**
 * The periods, their days, and the days that are compared.
 * @throws AppError `invalid_field` if a period is invalid or too long, or does not end before the other starts.
 */
export function comparedDays(
  engine: LiveEngine,
  query: CompareQuery,
  now: number,
): { readonly periods: Both<Span>; readonly days: Both<PeriodDay[]>; readonly pairs: readonly DayPair[] } {
  const periods = periodsOf(engine, query, now)
  const days = { before: daysOf(engine, query, periods.before), after: daysOf(engine, query, periods.after) }
  return { periods, days, pairs: matchDays(days.before, days.after) }
}

/** Lead times, read from the daily aggregates. */
function* compareOrders(
  orders: OrderDays,
  pairs: readonly DayPair[],
  random: () => number,
): Generator<void, CompareAnswer['orders']> {
  const signed = pairs.map((pair) => both(pair, (day) => orders.signed(day)))
  const leads = signed.map((pair) => both(pair, leadTimesOf))
  const { medianMs, meanMs } = yield* compareDurations(leads, random)
  const counts = leads.map((pair) => both(pair, ({ count }) => count))
  return { leadMedianMs: medianMs, leadMeanMs: meanMs, perDay: compareRates(counts) }
}

function leadTimesOf(parts: readonly SignedDay[]): DayDurations {
  const all = Float64Array.from(parts.flatMap(({ leadTimesMs }) => [...leadTimesMs])).toSorted()
  return {
    durations: Array.from(all, (ms) => ({ ms, count: 1 })),
    count: all.length,
    sumMs: all.reduce((sum, ms) => sum + ms, 0),
  }
}

function both<T, R>({ before, after }: Both<T>, of: (value: T) => R): Both<R> {
  return { before: of(before), after: of(after) }
}

function durationsOf(group: VisitGroup | undefined): DayDurations {
  if (group === undefined) return { durations: [], count: 0, sumMs: 0 }
  const { durations, count, sumMs } = group.histogram
  return { durations, count, sumMs }
}

type GroupsByDay = ReadonlyMap<number, VisitGroup | undefined>

/** The finished visits of a period by stage number and by the day on which they ended. */
async function countStages(
  engine: LiveEngine,
  { clock, ...query }: CompareQuery,
  { from, to }: Span,
  scans: VisitScans,
): Promise<ReadonlyMap<number, GroupsByDay>> {
  const columns = timeColumns('day', from, to, engine.days)
  const spans = columns.starts
  const table = new GroupTable({ kind: 'groups', dimension: 'stage', spans, maxRows: Number.MAX_SAFE_INTEGER })
  await scans.scan(table, engine.ended.finished, visitFilter(engine, { ...query, from, to }), clock)
  return new Map(
    [...table.groups].map(([stage, row]) => [stage, new Map(columns.names.map((day, i) => [day, row[i]]))]),
  )
}

async function orderDaysOf(engine: LiveEngine, query: CompareQuery): Promise<OrderDays> {
  const processes = [...engine.processes()].filter(({ definition }) => query.process?.includes(definition.code) ?? true)
  if (!isNarrowed(query)) return allOrderDays(processes)
  return inSlices(chosenOrderDays(engine, query, new Set(processes)))
}

/** Whole days of the site: a day that is not over yet cannot be compared. */
function periodsOf({ days }: LiveEngine, query: CompareQuery, now: number): Both<Span> {
  const today = days.startOf(now)
  const afterTo = days.startOf(Math.min(query.afterTo ?? today, today))
  const afterFrom = days.startOf(query.afterFrom ?? days.startOfOffset(afterTo, -defaultDays))
  const beforeTo = days.startOf(query.beforeTo ?? afterFrom)
  const beforeFrom = days.startOf(query.beforeFrom ?? days.startOfOffset(beforeTo, -defaultDays))
  const isInOrder = { beforeFrom: beforeFrom < beforeTo, afterFrom: beforeTo <= afterFrom && afterFrom < afterTo }
  for (const field of ['beforeFrom', 'afterFrom'] as const) {
    if (isInOrder[field]) continue
    const message = 'each period must contain a completed day, and the first must end before the second begins'
    throw new AppError('invalid_field', message, { field, reason: 'out_of_order' })
  }
  const periods = { before: { from: beforeFrom, to: beforeTo }, after: { from: afterFrom, to: afterTo } }
  for (const field of ['beforeFrom', 'afterFrom'] as const) {
    const { from, to } = field === 'beforeFrom' ? periods.before : periods.after
    if (to <= days.startOfOffset(from, maxComparedDays)) continue
    throw new AppError('invalid_field', `must be no more than ${maxComparedDays} days before the end of its period`, {
      field,
      reason: 'too_wide',
    })
  }
  return periods
}

/** Days by the department's calendar if the query selects one, otherwise by the site's. */
function daysOf(engine: LiveEngine, { department }: CompareQuery, { from, to }: Span): PeriodDay[] {
  const calendar = engine.rules.calendars.calendarOf(undefined, engine.departmentTexts.onlyOf(department))
  const days: PeriodDay[] = []
  for (let startsAt = from; startsAt < to;) {
    const next = engine.days.startOfOffset(startsAt, 1)
    days.push({ startsAt, weekday: engine.days.weekdayOf(startsAt), workingMs: calendar.workingMs(startsAt, next) })
    startsAt = next
  }
  return days
}

function describePeriod(span: Span, days: readonly PeriodDay[]): CompareAnswer['before'] {
  return { ...span, days: days.length, closed: days.filter(({ workingMs }) => workingMs === 0).length }
}
