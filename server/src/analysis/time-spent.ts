import { maxAnalysisDays } from '@stagewatch/shared/contract/analysis.ts'
import type { TimeAnswer, TimeDimension, TimeQuery, TimeRow, TimeSum } from '@stagewatch/shared/contract/analysis.ts'
import { untranslated } from '@stagewatch/shared/domain/local-text.ts'
import { DwellHistogram } from '../engine/dwell-histogram.ts'
import { GroupTable } from '../engine/group-table.ts'
import type { VisitGroup } from '../engine/group-table.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { VisitScans } from '../engine/scans/visit-scans.ts'
import { timeColumns } from '../engine/time-columns.ts'
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

/** The rows with the most time, and the others together. */
async function byName(
  engine: LiveEngine,
  query: TimeQuery & { readonly rows: VisitDimension },
  period: AnalysisPeriod,
  scans: VisitScans,
): Promise<Found> {
  const { rows: dimension, clock, top } = query
  const table = new GroupTable({ kind: 'groups', dimension, spans: wholePeriod(period).starts, maxRows })
  await scans.scan(table, engine.ended.finished, analysisFilter(engine, query, period), clock)
  if (table.isFull) {
    const message = `there are more than ${maxRows} of them in the period: choose a shorter one, or fewer orders`
    throw new AppError('invalid_field', message, { field: 'rows', reason: 'too_wide' })
  }
  const groups = [...table.groups].flatMap(([id, [group]]) => (group === undefined ? [] : [{ id, group }]))
  // Histograms are made of those that are shown: of thousands they would take longer than counting the visits.
  const shown = groups.toSorted((a, b) => b.group.sumMs - a.group.sumMs || a.id - b.id).slice(0, top)
  const [total, all] = [new SpentTime(), table.total]
  if (all !== undefined) total.add(all)
  const rest = new SpentTime()
  rest.add(total)
  const rows = shown.map(({ id, group }) => {
    const spent = new SpentTime()
    spent.add(group)
    rest.subtract(spent)
    return { ...nameOf(engine, dimension, id), ...spent.told }
  })
  const others = groups.length - shown.length
  return { rows, total: total.told, ...(others > 0 && { rest: { ...rest.told, rows: others } }) }
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
  return { rows: rows.map(({ key, spent }) => ({ key, name: untranslated(key), ...spent.told })), total: total.told }
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

function nameOf(engine: LiveEngine, dimension: VisitDimension, id: number): Pick<TimeRow, 'key' | 'name' | 'process'> {
  const row = heatRow(engine, dimension, id)
  if (typeof row === 'string') return { key: row, name: untranslated(row) }
  return { key: row.definition.code, name: row.definition.name, process: row.process }
}
