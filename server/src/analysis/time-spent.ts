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
import type { VisitDimension } from '../engine/visit-batch.ts'
import type { VisitFilter } from '../engine/visit-filter.ts'
import { inSlices } from '../platform/in-slices.ts'
import { heatRow } from '../query/heat-cells.ts'
import { olderThan } from '../query/older-visits.ts'
import { analysisFilter, analysisPeriod, wholePeriod } from './analysis-period.ts'
import type { AnalysisPeriod } from './analysis-period.ts'

/** The histograms of so many names fit into the caches of a processor; of more, the sums are counted first. */
const fewNames = 1_000
/** Of stages there may be no more, and of everything else no more are counted so. */
const maxRows = 20_000
const dayMs = 86_400_000

/**
 * Where the time of the finished visits of a period went.
 * @throws AppError `invalid_field` when the period is none or too long.
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
type EntryDimension = 'weekday' | 'hourOfDay'

function isOfEntering(rows: TimeDimension): rows is EntryDimension {
  return rows === 'weekday' || rows === 'hourOfDay'
}

type NameQuery = TimeQuery & { readonly rows: VisitDimension }

/** The rows with the most time, and the others together. */
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
    rows: shown.map(({ id, group }) => ({ ...nameOf(engine, query.rows, id), ...toldOf(group) })),
    total: toldOf(total),
    ...(others > 0 && { rest: { ...toldOf(rest), rows: others } }),
  }
}

/** The same in two scans: the sums of all names, then the histograms of those that are shown. */
async function byManyNames(
  engine: LiveEngine,
  query: NameQuery,
  period: AnalysisPeriod,
  filter: VisitFilter,
  scans: VisitScans,
): Promise<Found> {
  const sums = new SumTable({ kind: 'sums', dimension: query.rows })
  await scans.scan(sums, engine.ended.finished, filter, query.clock)
  const sorted = sums.sums.toSorted((a, b) => b.sumMs - a.sumMs || a.id - b.id)
  const ids = new Set(sorted.slice(0, query.top).map(({ id }) => id))
  const table = await groupsOf(engine, query, period, { ...filter, ...onlyIds(query.rows, ids) }, scans)
  const rows = [...ids].flatMap((id) => {
    const group = table.groups.get(id)?.[0]
    return group === undefined ? [] : [{ ...nameOf(engine, query.rows, id), ...toldOf(group) }]
  })
  const others = sorted.slice(query.top)
  const sum = (count: (one: NameSum) => number): number => others.reduce((all, one) => all + count(one), 0)
  const visits = sum((one) => one.visits)
  const totalMs = sum((one) => one.sumMs)
  // Percentiles of the others are not told: visits may have come between the scans, so nothing can be taken away.
  const rest = {
    visits,
    totalMs,
    meanMs: totalMs / visits,
    judged: sum((one) => one.judged),
    breaches: sum((one) => one.breaches),
    rows: others.length,
  }
  return { rows, total: toldOf(sums.total), ...(others.length > 0 && { rest }) }
}

/** How many names there may be at most. */
function namesOf({ ended }: LiveEngine, dimension: VisitDimension): number {
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

function onlyIds(dimension: VisitDimension, ids: ReadonlySet<number>): VisitFilter {
  return { [filterOf[dimension]]: ids }
}

async function groupsOf(
  engine: LiveEngine,
  { rows: dimension, clock }: NameQuery,
  period: AnalysisPeriod,
  filter: VisitFilter,
  scans: VisitScans,
): Promise<GroupTable> {
  const table = new GroupTable({ kind: 'groups', dimension, spans: wholePeriod(period).starts, maxRows })
  await scans.scan(table, engine.ended.finished, filter, clock)
  return table
}

/** All weekdays or hours in which visits began, which may be long before the period, as they follow each other. */
async function byEntering(
  engine: LiveEngine,
  query: TimeQuery & { readonly rows: EntryDimension },
  period: AnalysisPeriod,
  scans: VisitScans,
): Promise<Found> {
  const from = period.from - maxAnalysisDays * dayMs
  const { starts, names } = timeColumns(query.rows, from, period.endsAt + dayMs, engine.days)
  const table = new GroupTable({ kind: 'groups', dimension: 'stage', spans: starts, instant: 'enteredAt', maxRows })
  await scans.scan(table, engine.ended.finished, analysisFilter(engine, query, period), query.clock)
  const columns = [...names.map(String), 'earlier'].map((key) => ({ key, spent: new SpentTime() }))
  const total = new SpentTime()
  await inSlices(addColumns(table, columns, total))
  const rows = columns.filter(({ key, spent }) => key !== 'earlier' || spent.count > 0)
  return {
    rows: rows.map(({ key, spent }) => ({ key, name: untranslated(key), ...toldOf(spent) })),
    total: toldOf(total),
  }
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

type Spent = Pick<VisitGroup, 'histogram' | 'judged' | 'breaches'>

/** Visits that stand together in a row. */
class SpentTime implements Spent {
  readonly histogram = new DwellHistogram()
  judged = 0
  breaches = 0

  get count(): number {
    return this.histogram.count
  }

  add({ histogram, judged, breaches }: Spent): void {
    this.histogram.merge(histogram)
    this.judged += judged
    this.breaches += breaches
  }

  subtract({ histogram, judged, breaches }: Spent): void {
    this.histogram.subtract(histogram)
    this.judged -= judged
    this.breaches -= breaches
  }
}

function toldOf({ histogram, judged, breaches }: Spent): TimeSum {
  const { count: visits, sumMs: totalMs, mean } = histogram
  const [p50, p90] = [histogram.percentile(0.5), histogram.percentile(0.9)]
  return {
    visits,
    totalMs,
    ...(mean !== undefined && { meanMs: mean }),
    ...(p50 !== undefined && { p50Ms: p50 }),
    ...(p90 !== undefined && { p90Ms: p90 }),
    judged,
    breaches,
  }
}

function nameOf(engine: LiveEngine, dimension: VisitDimension, id: number): Pick<TimeRow, 'key' | 'name' | 'process'> {
  const row = heatRow(engine, dimension, id)
  if (typeof row === 'string') return { key: row, name: untranslated(row) }
  return { key: row.definition.code, name: row.definition.name, process: row.process }
}
