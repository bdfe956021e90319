import type { BoardList, BoardRow, StageColumn } from '@stagewatch/shared/contract/board.ts'
import { expect } from 'vitest'
import type { BoardNumbers } from '../build-board.ts'

const newestForMs = 10 * 60_000

/** Every number that can be reckoned from others on the same board is what it should be. */
export function expectReconciled(board: BoardNumbers): void {
  const { kpis, overdue, upcoming, asOf } = board
  const columns = board.stageOrder.map((stage) => board.stages[stage]!)
  expect(Object.keys(board.stages).toSorted()).toEqual(board.stageOrder.toSorted())
  expect(Object.keys(board.heatmap.cells).toSorted()).toEqual(board.stageOrder.toSorted())

  expect(sum(columns, 'overdue')).toBe(kpis.overdue.count)
  expect(sum(columns, 'atRisk')).toBe(kpis.atRisk.count)
  expect(sum(columns, 'stalled')).toBe(kpis.stalled.count)
  expect(sum(columns, 'wip')).toBeLessThanOrEqual(kpis.open.count)
  expect(kpis.overdue.unclaimed).toBeLessThanOrEqual(kpis.overdue.count)
  expect(kpis.atRisk.soon).toBeLessThanOrEqual(kpis.atRisk.count)
  expect(kpis.onTime.onTime).toBeLessThanOrEqual(kpis.onTime.signed)
  for (const column of columns) {
    expect(column.overdue + column.atRisk).toBeLessThanOrEqual(column.wip)
    expect(column.stalled + column.held).toBeLessThanOrEqual(column.wip)
    expect(column.medianMs === undefined).toBe(column.medianCount < 5)
  }

  expectList(overdue, kpis.overdue.count, 60, asOf)
  expectList(upcoming, kpis.atRisk.count, 12, asOf)
  for (const row of Object.values(overdue.rows)) expect(overMs(row, asOf)).toBeGreaterThanOrEqual(0)
  for (const row of Object.values(upcoming.rows)) expect(overMs(row, asOf)).toBeLessThan(0)
  if (overdue.total <= 60) {
    const rows = Object.values(overdue.rows)
    expect(rows.filter((row) => row.unclaimed)).toHaveLength(kpis.overdue.unclaimed)
    for (const stage of board.stageOrder) {
      expect(rows.filter((row) => row.stage === stage)).toHaveLength(board.stages[stage]!.overdue)
    }
  }
  const { newestBreach } = board
  if (newestBreach !== undefined) {
    expect(newestBreach.at).toBeGreaterThanOrEqual(asOf - newestForMs)
    expect(newestBreach.at).toBeLessThanOrEqual(asOf)
    expect(newestBreach.row.dueAt).toBe(newestBreach.at)
  }
}

function expectList({ total, order, rows }: BoardList, count: number, limit: number, now: number): void {
  expect(total).toBe(count)
  expect(order).toHaveLength(Math.min(total, limit))
  expect(Object.keys(rows).toSorted()).toEqual(order.toSorted())
  const times = order.map((id) => overMs(rows[id]!, now))
  expect(times).toEqual(times.toSorted((a, b) => b - a))
}

/** How far past its limit (negative: before it) the order is. */
function overMs({ dueAt, stoppedOverMs }: BoardRow, now: number): number {
  return dueAt === undefined ? (stoppedOverMs ?? Number.NaN) : now - dueAt
}

function sum(columns: readonly StageColumn[], field: 'wip' | 'overdue' | 'atRisk' | 'stalled'): number {
  return columns.reduce((total, column) => total + column[field], 0)
}
