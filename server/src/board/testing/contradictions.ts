import type { BoardList, BoardRow, StageColumn } from '@stagewatch/shared/contract/board.ts'
import type { BoardNumbers } from '../build-board.ts'

const sentRows = { overdue: 60, upcoming: 12 }
const newestForMs = 10 * 60_000
const fewVisits = 5

/** Every number of a board that is not what the others on it say; empty when they reconcile. */
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
    ['overdue list = overdue', overdue.total === kpis.overdue.count],
    ['upcoming list = at risk', upcoming.total === kpis.atRisk.count],
    ...columns.flatMap(columnStatements),
    ...listStatements('overdue', overdue, board.asOf),
    ...listStatements('upcoming', upcoming, board.asOf),
    ...rowStatements(board),
    ...breachStatements(board),
  ]
  return statements.flatMap(([claim, holds]) => (holds ? [] : [claim]))
}

type Statement = [claim: string, holds: boolean]

function columnStatements([stage, column]: [string, StageColumn]): Statement[] {
  return [
    [`${stage}: overdue + at risk ≤ in work`, column.overdue + column.atRisk <= column.wip],
    [`${stage}: stalled + held ≤ in work`, column.stalled + column.held <= column.wip],
    [`${stage}: a median of enough visits, or one above the limit`, isMedianFounded(column)],
  ]
}

function isMedianFounded({ medianMs, medianCount, targetMs }: StageColumn): boolean {
  if (medianCount >= fewVisits) return medianMs !== undefined
  return medianMs === undefined || (targetMs !== undefined && medianMs > targetMs)
}

function listStatements(name: 'overdue' | 'upcoming', { total, order, rows }: BoardList, now: number): Statement[] {
  const times = order.flatMap((id) => overMs(rows[id], now) ?? [])
  const sorted = times.every((time, i) => i === 0 || time <= (times[i - 1] ?? 0))
  return [
    [`${name}: as many rows as fit`, order.length === Math.min(total, sentRows[name])],
    [`${name}: a row for each order`, sameNames(order, Object.keys(rows)) && times.length === order.length],
    [`${name}: most urgent first`, sorted],
    [`${name}: on this side of the limit`, times.every((time) => time >= 0 === (name === 'overdue'))],
  ]
}

/** While every overdue order has a row, the rows can be counted. */
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

/** How far past its limit (negative: before it) the order is. */
function overMs(row: BoardRow | undefined, now: number): number | undefined {
  if (row === undefined) return undefined
  return row.stoppedOverMs ?? now - (row.overFrom ?? row.dueAt ?? now)
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify(a.toSorted()) === JSON.stringify(b.toSorted())
}
