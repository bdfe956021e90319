import type { BoardList, BoardRow, StageColumn } from '@stagewatch/shared/contract/board.ts'
import type { BoardNumbers } from '../build-board.ts'

const sentRows = { overdue: 60, upcoming: 12 }
const focusRows = { overdue: 16, upcoming: 8 }
const newestForMs = 10 * 60_000
const minVisits = 5

/** All numbers of a board that contradict other numbers on it; empty if they reconcile. */
export function contradictions(board: BoardNumbers): string[] {
  const { kpis, overdue, upcoming, stages, stageOrder, heatmap } = board
  const columns = Object.entries(stages)
  const sum = (field: 'wip' | 'overdue' | 'atRisk' | 'stalled') =>
    columns.reduce((total, [, column]) => total + column[field], 0)
  const statements: Statement[] = [
    ['the order of stages names each once', sameNames(stageOrder, Object.keys(stages))],
    ['the heat map has the same stages', sameNames(stageOrder, Object.keys(heatmap.cells))],
    ['overdue of stages = overdue', sum('overdue') === kpis.overdue.count],
    ['at risk of stages = at risk', sum('atRisk') === kpis.atRisk.count],
    ['stalled of stages = stalled', sum('stalled') === kpis.stalled.count],
    ['in work of stages ≤ open', sum('wip') <= kpis.open.count],
    ['unclaimed ≤ overdue', kpis.overdue.unclaimed <= kpis.overdue.count],
    ['soon ≤ at risk', kpis.atRisk.soon <= kpis.atRisk.count],
    ['on time ≤ signed', kpis.onTime.onTime <= kpis.onTime.signed],
    ['overdue ≤ judged', kpis.overdue.count + kpis.atRisk.count <= (kpis.overdue.judged ?? 0)],
    ['stalled ≤ judged', kpis.stalled.count <= (kpis.stalled.judged ?? 0)],
    ['judged = in work with a limit', (kpis.overdue.judged ?? 0) === sum('wip') - withoutLimit(board)],
    ['overdue list = overdue', overdue.total === kpis.overdue.count],
    ['upcoming list = at risk', upcoming.total === kpis.atRisk.count],
    ...columns.flatMap(columnStatements),
    ...listStatements('overdue', overdue, board.asOf),
    ...listStatements('upcoming', upcoming, board.asOf),
    ...rowStatements(board),
    ...breachStatements(board),
    ...Object.keys(board.focus ?? {}).flatMap((stage) => focusStatements(board, stage)),
    ['a stage in which something is overdue is in focus', hasFocus(board)],
  ]
  return statements.flatMap(([claim, holds]) => (holds ? [] : [claim]))
}

type Statement = [claim: string, holds: boolean]

function columnStatements([stage, column]: [string, StageColumn]): Statement[] {
  return [
    [`${stage}: overdue + at risk ≤ in work`, column.overdue + column.atRisk <= column.wip],
    [`${stage}: overdue + at risk ≤ judged`, column.overdue + column.atRisk <= column.wip - (column.withoutLimit ?? 0)],
    [`${stage}: unjudged without a limit`, !column.unjudged || column.wip === (column.withoutLimit ?? 0)],
    [`${stage}: stalled + held ≤ in work`, column.stalled + column.held <= column.wip],
    [`${stage}: a median of enough visits, or one above the limit`, isMedianFounded(column)],
  ]
}

function isMedianFounded({ medianMs, medianCount, targetMs }: StageColumn): boolean {
  if (medianCount >= minVisits) return medianMs !== undefined
  return medianMs === undefined || (targetMs !== undefined && medianMs > targetMs)
}

function withoutLimit({ stages }: BoardNumbers): number {
  return Object.values(stages).reduce((total, column) => total + (column.withoutLimit ?? 0), 0)
}

function hasFocus({ kpis, focus = {} }: BoardNumbers): boolean {
  return kpis.overdue.count === 0 || Object.keys(focus).length > 0
}

/** The details of a stage match its column. */
function focusStatements({ stages, focus, asOf }: BoardNumbers, stage: string): Statement[] {
  const column = stages[stage]
  const shown = focus?.[stage]
  if (column === undefined || shown === undefined) return [[`${stage} in focus is a stage`, false]]
  const { overdue, upcoming, reasons, ageing } = shown
  const rows = [...Object.values(overdue.rows), ...Object.values(upcoming.rows)]
  const plotted = ageing.bins.flatMap((bin) => Object.values(bin)).reduce((total, count) => total + count, 0)
  const past = ageing.bins.slice(ageing.limitAt).flatMap((bin) => Object.values(bin))
  return [
    [`${stage} in focus: overdue = overdue`, overdue.total === column.overdue],
    [`${stage} in focus: at risk = at risk`, upcoming.total === column.atRisk],
    [`${stage} in focus: its own orders`, rows.every((row) => row.stage === stage)],
    [`${stage} in focus: every judged order in a bin`, plotted === column.wip - (column.withoutLimit ?? 0)],
    [`${stage} in focus: overdue past the limit`, past.reduce((total, count) => total + count, 0) === column.overdue],
    [`${stage} in focus: reasons ≤ overdue`, reasons.reduce((n, { count }) => n + count, 0) <= column.overdue],
    ...listStatements('overdue', overdue, asOf, focusRows.overdue),
    ...listStatements('upcoming', upcoming, asOf, focusRows.upcoming),
  ]
}

function listStatements(
  name: 'overdue' | 'upcoming',
  { total, order, rows }: BoardList,
  now: number,
  most = sentRows[name],
): Statement[] {
  const times = order.flatMap((id) => overMs(rows[id], now) ?? [])
  const sorted = times.every((time, i) => i === 0 || time <= (times[i - 1] ?? 0))
  return [
    [`${name}: as many rows as fit`, order.length === Math.min(total, most)],
    [`${name}: a row for each order`, sameNames(order, Object.keys(rows)) && times.length === order.length],
    [`${name}: most urgent first`, sorted],
    [`${name}: on this side of the limit`, times.every((time) => time >= 0 === (name === 'overdue'))],
  ]
}

/** The rows can be counted if every overdue order has one. */
function rowStatements({ overdue, kpis, stages }: BoardNumbers): Statement[] {
  const rows = Object.values(overdue.rows)
  if (overdue.total > sentRows.overdue) return []
  return [
    ['unclaimed rows = unclaimed', rows.filter((row) => row.unclaimed).length === kpis.overdue.unclaimed],
    ...Object.entries(stages).map(([stage, column]): Statement => [
      `${stage}: overdue rows = overdue`,
      rows.filter((row) => row.stage === stage).length === column.overdue,
    ]),
  ]
}

function breachStatements({ newestBreach, kpis, asOf }: BoardNumbers): Statement[] {
  if (newestBreach === undefined) return []
  const { at, count, row } = newestBreach
  return [
    ['the newest breach is new', at <= asOf && at >= asOf - newestForMs],
    ['the newest breach is of its row', row.dueAt === at],
    ['the newest breaches are overdue', count >= 1 && count <= kpis.overdue.count],
  ]
}

/** How far the order is past its limit; negative before it. */
function overMs(row: BoardRow | undefined, now: number): number | undefined {
  if (row === undefined) return undefined
  return row.stoppedOverMs ?? now - (row.overFrom ?? row.dueAt ?? now)
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify(a.toSorted()) === JSON.stringify(b.toSorted())
}
