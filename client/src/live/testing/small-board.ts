import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import type { Board, BoardRow } from '@stagewatch/shared/contract/board.ts'

export const noon = Date.parse('2026-06-09T12:00:00+08:00')

/** A board with one stage and two overdue orders. */
export function smallBoard(): Board {
  return {
    board: 'overview',
    epoch: 'a',
    version: 7,
    asOf: noon,
    position: '70',
    privacy: openPrivacy,
    site: { code: 'main', name: { zh: '主厂区', en: 'Main' }, timeZone: 'Asia/Shanghai', sample: false },
    process: { code: 'order', name: { zh: '订单', en: 'Orders' }, hasCalendar: false },
    offShift: false,
    kpis: {
      overdue: { count: 2, unclaimed: 0, ceiling: 25 },
      stalled: { count: 0 },
      atRisk: { count: 0, soon: 0, soonWithinMs: 7_200_000 },
      onTime: { signed: 0, onTime: 0 },
      open: { count: 9, inToday: 1, outToday: 0 },
      leadTime: { count: 0 },
    },
    trend: { stepMs: 1_800_000, today: [1, 2], previousDay: [] },
    stageOrder: ['packing'],
    stages: {
      packing: {
        name: { zh: '包装', en: 'Packing' },
        wip: 9,
        overdue: 2,
        atRisk: 0,
        stalled: 0,
        held: 0,
        medianCount: 0,
        toleranceRatio: 0.1,
        arrivalsToday: 1,
        departuresToday: 0,
      },
    },
    heatmap: { marks: [], cells: {} },
    overdue: listOf(['SO-1', 'SO-2']),
    upcoming: listOf([]),
    sources: {},
  }
}

export function listOf(orders: readonly string[], total = orders.length): Board['overdue'] {
  const rows = orders.map((order, index): [string, BoardRow] => [
    order,
    {
      order,
      short: `#${order.slice(-4)}`,
      stage: 'packing',
      state: 'overdue',
      unclaimed: true,
      dueAt: noon - (orders.length - index) * 60_000,
      limitMs: 3_600_000,
    },
  ])
  return { total, order: [...orders], rows: Object.fromEntries(rows) }
}
