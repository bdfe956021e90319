import { maxHeatCells } from '@stagewatch/shared/contract/heatmap.ts'
import type { HeatmapAnswer, HeatmapQuery } from '@stagewatch/shared/contract/heatmap.ts'
import { untranslated } from '@stagewatch/shared/domain/local-text.ts'
import { AppError } from '../platform/app-error.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import type { TimeColumns } from '../engine/time-columns.ts'
import type { VisitScans } from '../engine/scans/visit-scans.ts'
import { closedCells, missingCells } from './blank-cells.ts'
import { finishedCells } from './finished-cells.ts'
import type { HeatCells, HeatRow, HeatSource } from './heat-cells.ts'
import { heatColumns } from './heat-columns.ts'
import { inSlices } from '../platform/in-slices.ts'
import { olderThan } from './older-visits.ts'
import { openCells } from './open-cells.ts'
import { sampledCells } from './sampled-cells.ts'
import { sinceShift } from './shift-period.ts'
import { chosenStages, isNarrowed } from './visit-choice.ts'

/** @throws AppError `invalid_field` if the period is invalid, or the table would be too large. */
export async function heatmap(
  source: HeatSource,
  asked: HeatmapQuery,
  now: number,
  scans: VisitScans,
): Promise<Omit<HeatmapAnswer, 'asOf' | 'position'>> {
  const { engine } = source
  const query = sinceShift(engine, asked, now)
  const columns = heatColumns(query, engine.days, now)
  const stages = query.rows === 'stage' ? rowStages(engine, query) : undefined
  if (stages !== undefined) checkSize(stages.length, columns)
  const cells = await cellsOf(source, query, columns, now, scans)
  const rows: readonly HeatRow[] = stages ?? texts([...cells.keys()])
  const nothing = query.metric === 'visits' ? 0 : null
  return {
    metric: query.metric,
    basis: basisOf(query),
    rows: rows.map(describe),
    columns: [...columns.names],
    cells: rows.map((row) => columns.names.map((_, i) => cells.get(row)?.[i]?.value ?? nothing)),
    ...olderThan(engine, query.from ?? columns.from),
    counts: rows.map((row) => columns.names.map((_, i) => cells.get(row)?.[i]?.count ?? 0)),
    closed: closedCells(rows, query, columns, engine.rules.calendars, now),
    missing: basisOf(query) === 'snapshot' ? missingCells(rows, columns, source, now) : [],
  }
}

async function cellsOf(
  source: HeatSource,
  query: HeatmapQuery,
  columns: TimeColumns,
  now: number,
  scans: VisitScans,
): Promise<HeatCells> {
  const { engine } = source
  const check = (rows: number): void => checkSize(rows, columns)
  if (basisOf(query) === 'finished') {
    const maxRows = Math.floor(maxHeatCells / columns.names.length)
    const cells = await finishedCells(engine, query, columns, maxRows, scans)
    check(cells.size)
    return cells
  }
  checkMemory(engine, columns)
  if (query.rows !== 'stage' || isNarrowed(query)) return inSlices(openCells(engine, query, columns, check, now))
  const isMissing = source.isMissing.bind(source)
  return inSlices(sampledCells(isMissing, query.metric, chosenStages(engine, query), columns, now))
}

/** An order ends as it arrives in a terminal stage, so there is no time in one, and nothing open, to show. */
function rowStages(engine: LiveEngine, query: HeatmapQuery): StageAggregates[] {
  const stages = chosenStages(engine, query)
  return query.metric === 'visits' ? stages : stages.filter(({ definition }) => definition.terminal !== true)
}

function basisOf(query: HeatmapQuery): HeatmapAnswer['basis'] {
  const ofWholeStages = query.rows === 'stage' && !isNarrowed(query)
  return query.metric === 'wip' || (query.metric === 'breachRatio' && ofWholeStages) ? 'snapshot' : 'finished'
}

/** Open orders at an instant are known only as far back as memory reaches. */
function checkMemory({ ended: { startsAt } }: LiveEngine, { from }: TimeColumns): void {
  if (from >= startsAt) return
  const message = `the table of open orders reaches back to ${new Date(startsAt).toISOString()}; choose a later start, or visits that ended`
  throw new AppError('invalid_field', message, { field: 'from', reason: 'too_wide' })
}

function checkSize(rows: number, columns: TimeColumns): void {
  if (rows * columns.names.length <= maxHeatCells) return
  const message = `the table would have more than ${maxHeatCells} cells: choose fewer rows or a shorter span`
  throw new AppError('invalid_field', message, { field: 'columns', reason: 'too_wide' })
}

/** Departments, products, customers and customer classes in alphabetical order. */
function texts(rows: readonly HeatRow[]): string[] {
  return rows.filter((row) => typeof row === 'string').toSorted((a, b) => (a < b ? -1 : 1))
}

function describe(row: HeatRow): HeatmapAnswer['rows'][number] {
  if (typeof row === 'string') return { key: row, name: untranslated(row) }
  return { key: row.definition.code, name: row.definition.name, process: row.process }
}
