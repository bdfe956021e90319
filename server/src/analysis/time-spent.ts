import { maxAnalysisDays } from '@stagewatch/shared/contract/analysis.ts'
import type { TimeAnswer, TimeDimension, TimeQuery, TimeRow, TimeSum } from '@stagewatch/shared/contract/analysis.ts'
import { untranslated } from '@stagewatch/shared/domain/local-text.ts'
import { DwellHistogram } from '../engine/dwell-histogram.ts'
import { GroupTable } from '../engine/group-table.ts'
import type { VisitGroup } from '../engine/group-table.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { VisitScans } from '../engine/scans/visit-scans.ts'
import { timeColumns } from '../engine/time-columns.ts'
import type { TimeColumns } from '../engine/time-columns.ts'
import type { VisitDimension } from '../engine/visit-batch.ts'
import { AppError } from '../platform/app-error.ts'
import { inSlices } from '../platform/in-slices.ts'
import { heatRow } from '../query/heat-cells.ts'
import { olderThan } from '../query/older-visits.ts'
import { analysisFilter, analysisPeriod, wholePeriod } from './analysis-period.ts'
import type { AnalysisPeriod } from './analysis-period.ts'

/** More names than these are not told apart. */
const maxRows = 20_000
const dayMs = 86_400_000

/**
 * Where the time of the finished visits of a period went.
 * @throws AppError `invalid_field` when the period is none or too long, or too many names are to be told apart.
 */
export async function timeSpent(
  engine: LiveEngine,
  query: TimeQuery,
  now: number,
  scans: VisitScans,
): Promise<Omit<TimeAnswer, 'asOf' | 'position'>> {
  const period = analysisPeriod(engine, query, now)
  const { rows } = query
  const told = isOfEntering(rows)
    ? await byEntering(engine, { ...query, rows }, period, scans)
    : await byName(engine, { ...query, rows }, period, scans)
  const ranking = await inSlices(ranked(told, query))
  return { from: period.from, to: period.endsAt, ...ranking, ...olderThan(engine, period.from) }
}

type EntryDimension = 'weekday' | 'hourOfDay'

function isOfEntering(rows: TimeDimension): rows is EntryDimension {
  return rows === 'weekday' || rows === 'hourOfDay'
}

async function byName(
  engine: LiveEngine,
  query: TimeQuery & { readonly rows: VisitDimension },
  period: AnalysisPeriod,
  scans: VisitScans,
): Promise<NamedTime[]> {
  const { rows: dimension, clock } = query
  const table = new GroupTable({ kind: 'groups', dimension, spans: wholePeriod(period).starts, maxRows })
  await scans.scan(table, engine.ended.finished, analysisFilter(engine, query, period), clock)
  if (table.isFull) {
    const message = `there are more than ${maxRows} of them in the period: choose a shorter one, or fewer orders`
    throw new AppError('invalid_field', message, { field: 'rows', reason: 'too_wide' })
  }
  return inSlices(sumOfRows(engine, dimension, table))
}

/** Visits of all stages by the weekday or the hour in which they began, which may be long before the period. */
async function byEntering(
  engine: LiveEngine,
  query: TimeQuery & { readonly rows: EntryDimension },
  period: AnalysisPeriod,
  scans: VisitScans,
): Promise<NamedTime[]> {
  const from = period.from - maxAnalysisDays * dayMs
  const columns = timeColumns(query.rows, from, period.endsAt + dayMs, engine.days)
  const plan = { kind: 'groups', dimension: 'stage', spans: columns.starts, instant: 'enteredAt', maxRows } as const
  const table = new GroupTable(plan)
  await scans.scan(table, engine.ended.finished, analysisFilter(engine, query, period), query.clock)
  return inSlices(sumOfColumns(table, columns))
}

/** Visits that stand together in a row. */
class SpentTime {
  readonly histogram = new DwellHistogram()
  judged = 0
  breaches = 0

  add({ histogram, judged, breaches }: Pick<VisitGroup, 'histogram' | 'judged' | 'breaches'>): void {
    this.histogram.merge(histogram)
    this.judged += judged
    this.breaches += breaches
  }

  get told(): TimeSum {
    const { histogram, judged, breaches } = this
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
}

type NamedTime = Pick<TimeRow, 'key' | 'name' | 'process'> & { readonly spent: SpentTime }

function* sumOfRows(engine: LiveEngine, dimension: VisitDimension, table: GroupTable): Generator<void, NamedTime[]> {
  const rows: NamedTime[] = []
  for (const [id, groups] of table.groups) {
    const spent = new SpentTime()
    for (const group of groups) if (group !== undefined) spent.add(group)
    rows.push({ ...nameOf(engine, dimension, id), spent })
    yield
  }
  return rows
}

function nameOf(engine: LiveEngine, dimension: VisitDimension, id: number): Pick<TimeRow, 'key' | 'name' | 'process'> {
  const row = heatRow(engine, dimension, id)
  if (typeof row === 'string') return { key: row, name: untranslated(row) }
  return { key: row.definition.code, name: row.definition.name, process: row.process }
}

function* sumOfColumns(table: GroupTable, { names }: TimeColumns): Generator<void, NamedTime[]> {
  const keys = [...names.map(String), 'earlier']
  const rows = keys.map((key): NamedTime => ({ key, name: untranslated(key), spent: new SpentTime() }))
  for (const groups of table.groups.values()) {
    for (const [column, group] of groups.entries()) {
      if (group !== undefined) rows[column]?.spent.add(group)
      yield
    }
  }
  return rows.filter(({ key, spent }) => key !== 'earlier' || spent.histogram.count > 0)
}

/** The rows with the most time, and the others together; weekdays and hours all of them, as they follow each other. */
function* ranked(
  rows: readonly NamedTime[],
  { top, rows: dimension }: TimeQuery,
): Generator<void, Pick<TimeAnswer, 'rows' | 'total' | 'rest'>> {
  const keepsAll = isOfEntering(dimension)
  const sorted = keepsAll
    ? rows
    : rows.toSorted((a, b) => b.spent.histogram.sumMs - a.spent.histogram.sumMs || (a.key < b.key ? -1 : 1))
  const shown = keepsAll ? sorted : sorted.slice(0, top)
  const [total, rest] = [new SpentTime(), new SpentTime()]
  for (const [place, { spent }] of sorted.entries()) {
    total.add(spent)
    if (place >= shown.length) rest.add(spent)
    yield
  }
  const others = sorted.length - shown.length
  return {
    rows: shown.map(({ spent, ...name }) => ({ ...name, ...spent.told })),
    total: total.told,
    ...(others > 0 && { rest: { ...rest.told, rows: others } }),
  }
}
