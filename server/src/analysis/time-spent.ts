import { maxAnalysisDays } from '@stagewatch/shared/contract/analysis.ts'
import type { TimeAnswer, TimeDimension, TimeQuery, TimeRow, TimeSum } from '@stagewatch/shared/contract/analysis.ts'
import { untranslated } from '@stagewatch/shared/domain/local-text.ts'
import { DwellHistogram } from '../engine/dwell-histogram.ts'
import { GroupTable } from '../engine/group-table.ts'
import type { VisitGroup } from '../engine/group-table.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { VisitScans } from '../engine/scans/visit-scans.ts'
import { SumTable } from '../engine/sum-table.ts'
import type { NameSum } from '../engine/sum-table.ts'
import { timeColumns } from '../engine/time-columns.ts'
import type { TimeColumns } from '../engine/time-columns.ts'
import type { VisitDimension } from '../engine/visit-batch.ts'
import type { VisitFilter } from '../engine/visit-filter.ts'
import { inSlices } from '../platform/in-slices.ts'
import { heatRow, sameRows } from '../query/heat-cells.ts'
import { olderThan } from '../query/older-visits.ts'
import { analysisFilter, analysisPeriod, wholePeriod } from './analysis-period.ts'
import type { AnalysisPeriod } from './analysis-period.ts'

/** The histograms of this many names fit into the CPU caches; for more names, the sums are counted first. */
const fewNames = 1_000
/**
 * Maximum number of rows. There are never more stages than this; other dimensions with more values are counted
 * differently.
 */
export const maxRows = 20_000
const dayMs = 86_400_000

/**
 * How the time of the finished visits of a period is distributed.
 * @throws AppError `invalid_field` if the period is invalid or too long.
 */
export async function timeSpent(
  engine: LiveEngine,
  query: TimeQuery,
  now: number,
  scans: VisitScans,
): Promise<Omit<TimeAnswer, 'asOf' | 'position'>> {
  const period = analysisPeriod(engine, query, now)
  const { rows } = query
  const found = isOfEntering(rows)
    ? await byEntering(engine, { ...query, rows }, period, scans)
    : await byName(engine, { ...query, rows }, period, scans)
  return { from: period.from, to: period.endsAt, ...found, ...olderThan(engine, period.from) }
}

type Found = Pick<TimeAnswer, 'rows' | 'total' | 'rest'>
export type EntryDimension = 'weekday' | 'hourOfDay'

export function isOfEntering(rows: TimeDimension): rows is EntryDimension {
  return rows === 'weekday' || rows === 'hourOfDay'
}

export type NameQuery = TimeQuery & { readonly rows: VisitDimension }

/** The rows with the most time, and one row for all others. */
async function byName(engine: LiveEngine, query: NameQuery, period: AnalysisPeriod, scans: VisitScans): Promise<Found> {
  const filter = analysisFilter(engine, query, period)
  if (namesOf(engine, query.rows) > fewNames) return byManyNames(engine, query, period, filter, scans)
  const table = await groupsOf(engine, query, period, filter, scans)
  const groups = [...table.groups].flatMap(([id, [group]]) => (group === undefined ? [] : [{ id, group }]))
  const shown = groups.toSorted((a, b) => b.group.sumMs - a.group.sumMs || a.id - b.id).slice(0, query.top)
  const [total, all] = [new SpentTime(), table.total]
  if (all !== undefined) total.add(all)
  const rest = new SpentTime()
  rest.add(total)
  for (const { group } of shown) rest.subtract(group)
  const others = groups.length - shown.length
  return {
    rows: shown.map(({ id, group }) => ({ ...nameOf(engine, query.rows, id), ...timeSumOf(group) })),
    total: timeSumOf(total),
    ...(others > 0 && { rest: { ...timeSumOf(rest), rows: others } }),
  }
}

/** The same in two scans: the sums of all names, then the histograms of the names that are returned. */
async function byManyNames(
  engine: LiveEngine,
  query: NameQuery,
  period: AnalysisPeriod,
  filter: VisitFilter,
  scans: VisitScans,
): Promise<Found> {
  const { sameRows: same } = sameRows(engine, query.rows)
  const sums = new SumTable({ kind: 'sums', dimension: query.rows, ...(same && { sameRows: same }) })
  await scans.scan(sums, engine.ended.finished, filter, query.clock)
  const sorted = sums.sums.toSorted((a, b) => b.sumMs - a.sumMs || a.id - b.id)
  const ids = new Set(sorted.slice(0, query.top).map(({ id }) => id))
  const alike = [...(same ?? [])].flatMap(([id, as]) => (ids.has(as) ? [id] : []))
  const only = { [filterOf[query.rows]]: new Set([...ids, ...alike]) }
  const table = await groupsOf(engine, query, period, { ...filter, ...only }, scans)
  const rows = [...ids].flatMap((id) => {
    const group = table.groups.get(id)?.[0]
    return group === undefined ? [] : [{ ...nameOf(engine, query.rows, id), ...timeSumOf(group) }]
  })
  const others = sorted.slice(query.top)
  const sum = (count: (one: NameSum) => number): number => others.reduce((all, one) => all + count(one), 0)
  const visits = sum((one) => one.visits)
  const totalMs = sum((one) => one.sumMs)
  // The other row has no percentiles: visits may have arrived between the two scans, so subtraction would be inexact.
  const rest = {
    visits,
    totalMs,
    meanMs: totalMs / visits,
    judged: sum((one) => one.withTarget),
    breaches: sum((one) => one.breaches),
    rows: others.length,
  }
  return { rows, total: timeSumOf(sums.total), ...(others.length > 0 && { rest }) }
}

/** Upper bound for the number of names. */
export function namesOf({ ended }: LiveEngine, dimension: VisitDimension): number {
  switch (dimension) {
    case 'stage':
      return 0
    case 'department':
      return ended.departments.size
    case 'customer':
      return ended.customers.size
    case 'customerClass':
      return ended.customerClasses.size
    case 'product':
      return ended.products.size
  }
}

const filterOf = {
  stage: 'stages',
  department: 'departments',
  customer: 'customers',
  customerClass: 'customerClasses',
  product: 'products',
} as const satisfies Readonly<Record<VisitDimension, keyof VisitFilter>>

async function groupsOf(
  engine: LiveEngine,
  { rows: dimension, clock }: NameQuery,
  period: AnalysisPeriod,
  filter: VisitFilter,
  scans: VisitScans,
): Promise<GroupTable> {
  const spans = wholePeriod(period).starts
  const table = new GroupTable({ kind: 'groups', dimension, ...sameRows(engine, dimension), spans, maxRows })
  await scans.scan(table, engine.ended.finished, filter, clock)
  return table
}

/**
 * Groups visits by the weekday or hour in which they started, which may be long before the period. The rows are in
 * calendar order.
 */
async function byEntering(
  engine: LiveEngine,
  query: TimeQuery & { readonly rows: EntryDimension },
  period: AnalysisPeriod,
  scans: VisitScans,
): Promise<Found> {
  const { starts, names } = entryColumns(engine, query.rows, period)
  const table = new GroupTable({ kind: 'groups', dimension: 'all', spans: starts, instant: 'enteredAt', maxRows })
  await scans.scan(table, engine.ended.finished, analysisFilter(engine, query, period), query.clock)
  const columns = [...names.map(String), 'earlier'].map((key) => ({ key, spent: new SpentTime() }))
  const total = new SpentTime()
  await inSlices(addColumns(table, columns, total))
  const rows = columns.filter(({ key, spent }) => key !== 'earlier' || spent.count > 0)
  return {
    rows: rows.map(({ key, spent }) => ({ key, name: untranslated(key), ...timeSumOf(spent) })),
    total: timeSumOf(total),
  }
}

/** The columns of the instants at which the visits of a period started, if that is not long before. */
export function entryColumns(engine: LiveEngine, rows: EntryDimension, { from, endsAt }: AnalysisPeriod): TimeColumns {
  return timeColumns(rows, from - maxAnalysisDays * dayMs, endsAt + dayMs, engine.days)
}

function* addColumns(
  table: GroupTable,
  columns: readonly { readonly spent: SpentTime }[],
  total: SpentTime,
): Generator<void> {
  for (const groups of table.groups.values()) {
    for (const [column, group] of groups.entries()) {
      if (group === undefined) continue
      columns[column]?.spent.add(group)
      total.add(group)
      yield
    }
  }
}

type Spent = Pick<VisitGroup, 'histogram' | 'withTarget' | 'breaches'>

/** Visits that share a row. */
class SpentTime implements Spent {
  readonly histogram = new DwellHistogram()
  withTarget = 0
  breaches = 0

  get count(): number {
    return this.histogram.count
  }

  add({ histogram, withTarget, breaches }: Spent): void {
    this.histogram.merge(histogram)
    this.withTarget += withTarget
    this.breaches += breaches
  }

  subtract({ histogram, withTarget, breaches }: Spent): void {
    this.histogram.subtract(histogram)
    this.withTarget -= withTarget
    this.breaches -= breaches
  }
}

function timeSumOf({ histogram, withTarget, breaches }: Spent): TimeSum {
  const { count: visits, sumMs: totalMs, mean } = histogram
  const [p50, p90] = [histogram.percentile(0.5), histogram.percentile(0.9)]
  return {
    visits,
    totalMs,
    ...(mean !== undefined && { meanMs: mean }),
    ...(p50 !== undefined && { p50Ms: p50 }),
    ...(p90 !== undefined && { p90Ms: p90 }),
    judged: withTarget,
    breaches,
  }
}

export function nameOf(
  engine: LiveEngine,
  dimension: VisitDimension,
  id: number,
): Pick<TimeRow, 'key' | 'name' | 'process'> {
  const row = heatRow(engine, dimension, id)
  if (typeof row === 'string') return { key: row, name: untranslated(row) }
  return { key: row.definition.code, name: row.definition.name, process: row.process }
}
