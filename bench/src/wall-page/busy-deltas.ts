import type { Board } from '@stagewatch/shared/contract/board.ts'

const rowsOfTurn = 7

/**
 * The changes of a large plant's board in a busy quarter of a second: figures of every column, seven rows, and the
 * first order of the list moves to its end. Each turn gives a different board.
 */
export function busierBoard(board: Board, turn: number): Board {
  const { kpis, stages, overdue, trend } = board
  const overdueCount = 30 + (turn % 60)
  const order = rotated(overdue.order, turn)
  const changed = new Set(order.slice(0, rowsOfTurn))
  const rows = Object.entries(overdue.rows).map(([code, row]) => [
    code,
    changed.has(code) ? { ...row, unclaimed: turn % 2 === 0 } : row,
  ])
  return {
    ...board,
    kpis: {
      ...kpis,
      overdue: { ...kpis.overdue, count: overdueCount, unclaimed: turn % 20 },
      atRisk: { ...kpis.atRisk, count: 40 + (turn % 30), soon: turn % 18 },
      open: { ...kpis.open, count: 540 + (turn % 40), inToday: 60 + turn, outToday: 35 + turn },
    },
    trend: { ...trend, today: [...trend.today.slice(0, -1), overdueCount] },
    stages: Object.fromEntries(
      Object.entries(stages).map(([code, column], i) => [
        code,
        {
          ...column,
          wip: column.wip + ((turn + i) % 7),
          overdue: (column.overdue + turn + i) % 12,
          arrivalsToday: column.arrivalsToday + turn,
          ...(column.medianMs !== undefined && { medianMs: column.medianMs + 60_000 * ((turn + i) % 9) }),
        },
      ]),
    ),
    overdue: { ...overdue, order, rows: Object.fromEntries(rows) },
  }
}

function rotated(orders: readonly string[], turn: number): string[] {
  const at = orders.length === 0 ? 0 : turn % orders.length
  return [...orders.slice(at), ...orders.slice(0, at)]
}
