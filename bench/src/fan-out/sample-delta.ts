import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'

const stages = ['intake', 'review', 'picking', 'packing', 'loading', 'transport', 'signing']

/** The changes of a board in a busy quarter of a second: about 2 KB of JSON, with different numbers in every round. */
export function sampleDelta(round: number): BoardDelta {
  const at = Date.UTC(2026, 10, 22, 8) + round * 250
  const columns = stages.map((stage, i) => ({
    path: ['stages', stage],
    value: { wip: 40 + ((round + i) % 50), overdue: i, atRisk: 3, stalled: 1, held: 2, medianMs: 5_400_000 + round },
  }))
  const rows = stages.map((stage, i) => ({
    path: ['overdue', 'rows', `SO-2026-${String(round + i).padStart(6, '0')}`],
    value: { order: `SO-2026-${round + i}`, stage, state: 'overdue', customer: '华东电子', dueAt: at - 60_000 * i },
  }))
  const changes = [...columns, ...rows, { path: ['kpis', 'overdue'], value: { count: round % 90, unclaimed: 4 } }]
  return { board: 'overview', epoch: '6f1c', from: round, to: round + 1, asOf: at, position: `${round}`, changes }
}
