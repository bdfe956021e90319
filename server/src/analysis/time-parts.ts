import type { PartsAnswer, PartsRow, PartSum } from '@stagewatch/shared/contract/analysis-parts.ts'
import type { TimeQuery } from '@stagewatch/shared/contract/analysis.ts'
import { untranslated } from '@stagewatch/shared/domain/local-text.ts'
import { waitCauses } from '@stagewatch/shared/domain/stage-visit.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { PartTable } from '../engine/part-table.ts'
import type { PartSums } from '../engine/part-table.ts'
import type { VisitScans } from '../engine/scans/visit-scans.ts'
import { SumTable } from '../engine/sum-table.ts'
import { otherRows } from '../engine/visit-table.ts'
import type { PartPlan } from '../engine/visit-table.ts'
import { sameRows } from '../query/heat-cells.ts'
import { olderThan } from '../query/older-visits.ts'
import { analysisFilter, analysisPeriod, wholePeriod } from './analysis-period.ts'
import type { AnalysisPeriod } from './analysis-period.ts'
import { entryColumns, isOfEntering, maxRows, nameOf, namesOf } from './time-spent.ts'
import type { EntryDimension, NameQuery } from './time-spent.ts'

/**
 * How much of the time of the finished visits of a period was working, waiting and on hold.
 * @throws AppError `invalid_field` if the period is invalid or too long.
 */
export async function timeParts(
  engine: LiveEngine,
  query: TimeQuery,
  now: number,
  scans: VisitScans,
): Promise<Omit<PartsAnswer, 'asOf' | 'position'>> {
  const period = analysisPeriod(engine, query, now)
  const { rows } = query
  const found = isOfEntering(rows)
    ? await byEntering(engine, { ...query, rows }, period, scans)
    : await byName(engine, { ...query, rows }, period, scans)
  return { from: period.from, to: period.endsAt, ...found, ...olderThan(engine, period.from) }
}

type Found = Pick<PartsAnswer, 'rows' | 'total' | 'rest'>

/** The rows with the most time, and one row for all others. */
async function byName(engine: LiveEngine, query: NameQuery, period: AnalysisPeriod, scans: VisitScans): Promise<Found> {
  const filter = analysisFilter(engine, query, period)
  const { finished } = engine.ended
  const same = sameRows(engine, query.rows)
  let plan: PartPlan = { kind: 'parts', dimension: query.rows, ...same, spans: wholePeriod(period).starts, maxRows }
  let names: number | undefined
  if (namesOf(engine, query.rows) > maxRows) {
    // The parts of so many names would not fit into memory; their sums do.
    const sums = new SumTable({ kind: 'sums', dimension: query.rows, ...same })
    await scans.scan(sums, finished, filter, query.clock)
    const longest = sums.sums.toSorted((a, b) => b.sumMs - a.sumMs || a.id - b.id)
    names = longest.length
    plan = { ...plan, ownRows: new Set(longest.slice(0, query.top).map(({ id }) => id)) }
  }
  const table = new PartTable(plan)
  await scans.scan(table, finished, filter, query.clock)
  const all = [...table.rows].flatMap(([id, [sums]]) => (sums === undefined ? [] : [{ id, sums }]))
  const named = all.filter(({ id }) => id !== otherRows)
  const shown = named.toSorted((a, b) => b.sums.total - a.sums.total || a.id - b.id).slice(0, query.top)
  const rest = all.filter((one) => !shown.includes(one)).map(({ sums }) => sums)
  return {
    rows: shown.map(({ id, sums }) => ({ ...nameOf(engine, query.rows, id), ...partSumOf([sums]) })),
    total: partSumOf(all.map(({ sums }) => sums)),
    ...(rest.length > 0 && { rest: { ...partSumOf(rest), rows: (names ?? all.length) - shown.length } }),
  }
}

/** Groups visits by the weekday or hour in which they started. The rows are in calendar order. */
async function byEntering(
  engine: LiveEngine,
  query: TimeQuery & { readonly rows: EntryDimension },
  period: AnalysisPeriod,
  scans: VisitScans,
): Promise<Found> {
  const { starts, names } = entryColumns(engine, query.rows, period)
  const table = new PartTable({ kind: 'parts', dimension: 'all', spans: starts, instant: 'enteredAt', maxRows })
  await scans.scan(table, engine.ended.finished, analysisFilter(engine, query, period), query.clock)
  const [columns = []] = table.rows.values()
  const rows = [...names.map(String), 'earlier'].map((key, i): PartsRow => {
    const sums = columns[i]
    return { key, name: untranslated(key), ...partSumOf(sums === undefined ? [] : [sums]) }
  })
  return {
    rows: rows.filter(({ key, visits }) => key !== 'earlier' || visits > 0),
    total: partSumOf(columns.filter((sums) => sums !== undefined)),
  }
}

function partSumOf(all: readonly PartSums[]): PartSum {
  const sum = (name: keyof PartSums): number => all.reduce((total, sums) => total + sums[name], 0)
  const [totalMs, workingMs, waitingMs, heldMs] = [sum('total'), sum('working'), sum('waiting'), sum('held')]
  const causes = waitCauses.map((cause) => ({ cause, ms: sum(cause) })).filter(({ ms }) => ms > 0)
  return {
    visits: sum('visits'),
    totalMs,
    workingMs,
    waitingMs,
    heldMs,
    unsaidMs: Math.max(0, totalMs - workingMs - waitingMs - heldMs),
    causes: causes.toSorted((a, b) => b.ms - a.ms),
  }
}
