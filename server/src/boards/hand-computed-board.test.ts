import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { bottleneckStages } from './bottleneck-stages.ts'
import { SiteBoards } from './site-boards.ts'
import { boardOf, boardSource } from './testing/board-of.ts'
import { engineWithHistories } from './testing/fed-engine.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

const shipping: ProcessDefinition = {
  code: 'default',
  name: { zh: '发货', en: 'Shipping' },
  stages: [
    { ...plainStage('picking'), targetMs: 3 * hourMs, stallAfterMs: 5 * hourMs },
    { ...plainStage('packing'), targetMs: 90 * minuteMs },
    { ...plainStage('labelling'), targetMs: 20 * hourMs, stallAfterMs: 2 * hourMs },
    { ...plainStage('shipped'), terminal: true },
  ],
  acceptsNewStages: false,
  goals: { overdueCeiling: 3, onTimeRatio: 0.95, soonCeiling: 2, leadTimeMs: 48 * hourMs },
}

/** An instant in November in the plant's local time. */
function at(day: number, time: string): number {
  return Date.parse(`2026-11-${String(day).padStart(2, '0')}T${time.length === 5 ? `${time}:00` : time}+08:00`)
}

/** A duration of a statistic, which is accurate to within 0.8 %. */
const about = (ms: number): unknown => expect.toSatisfy((found: number) => Math.abs(found - ms) <= 0.008 * ms)

const entered = (stage: string, day: number, time: string, data = {}): HistoryEntry => [
  'stage.entered',
  at(day, time),
  { stage, data },
]
const assigned = (owner: string): HistoryEntry => ['order.assigned', at(20, '07:30'), { data: { owner } }]
const explained = (reason: string): HistoryEntry => ['note.added', at(20, '07:30'), { data: { reason } }]

const now = at(20, '10:10')

/** All expected numbers below were computed by hand from these histories. */
const histories: readonly (readonly [order: string, history: readonly HistoryEntry[]])[] = [
  // Signed yesterday after 4 h: 2 h of packing, half an hour of it past the limit.
  ['D1', [entered('picking', 19, '07:00'), entered('packing', 19, '09:00'), entered('shipped', 19, '11:00')]],
  // Signed today after 25.5 h, on time; past the limit of picking from 09:30 to 10:05, of packing from 11:35 to 08:00.
  [
    'D2',
    [
      entered('picking', 19, '06:30', { promisedAt: at(20, '09:00') }),
      entered('packing', 19, '10:05'),
      entered('shipped', 20, '08:00'),
    ],
  ],
  // Signed today after 2 h, an hour too late.
  ['D3', [entered('labelling', 20, '01:00', { promisedAt: at(20, '02:00') }), entered('shipped', 20, '03:00')]],
  // Signed ten minutes less than seven days ago, after 1 h.
  ['D4', [entered('labelling', 13, '09:20'), entered('shipped', 13, '10:20')]],
  // Signed seven days and ten minutes ago.
  ['D5', [entered('labelling', 9, '06:00'), entered('shipped', 13, '10:00')]],
  // Three that are an hour past the limit: one with a promise, and two that differ only in their number.
  ['A1', [entered('picking', 20, '06:10', { customer: 'Aster' }), explained('Material')]],
  ['A0', [entered('picking', 20, '06:10'), explained('Material')]],
  ['A2', [entered('picking', 20, '06:10', { promisedAt: at(20, '12:00') }), explained('Approval')]],
  // These passed the limit a moment ago, five seconds apart.
  ['A3', [entered('picking', 20, '07:02:00'), assigned('Li')]],
  ['A8', [entered('picking', 20, '07:01:55'), assigned('Wang'), explained('Zinc')]],
  ['A4', [entered('picking', 20, '07:40')]],
  ['A5', [entered('picking', 20, '10:00')]],
  ['A6', [entered('picking', 20, '03:10'), ['order.held', at(20, '04:00')]]],
  ['A7', [entered('picking', 20, '04:50'), ['note.added', at(20, '04:50'), { data: { reason: 'Carrier' } }]]],
  ['B1', [entered('packing', 20, '09:00')]],
  ['B2', [entered('packing', 20, '08:50')]],
  ['C1', [entered('labelling', 19, '17:10')]],
  ['C2', [entered('labelling', 20, '09:30')]],
]
const engine = engineWithHistories(shipping, histories, now)
const board = boardOf(engine, 'default', now)

describe('a board of which every number was worked out by hand', () => {
  it('has the numbers of its top row', () => {
    expect(board.kpis).toEqual({
      // There was one yesterday at 10:00.
      overdue: { count: 6, unclaimed: 4, judged: 13, previousDay: 1, ceiling: 3 },
      // Stages with different stall limits have no common value.
      stalled: { count: 2, judged: 11 },
      atRisk: { count: 3, judged: 13, soon: 2, soonWithinMs: 2 * hourMs, soonCeiling: 2 },
      onTime: { signed: 2, onTime: 1, targetRatio: 0.95 },
      open: { count: 13, inToday: 13, outToday: 2 },
      leadTime: { count: 4, medianMs: 2 * hourMs, targetMs: 48 * hourMs },
    })
  })

  it('has the overdue orders of today and yesterday at each half hour', () => {
    const times = (count: number, value: number): number[] => Array.from({ length: count }, () => value)
    expect(board.trend).toEqual({
      stepMs: 30 * minuteMs,
      // Until 07:30 it was D2, from 08:00 on A7, from 09:30 on also A0, A1 and A2.
      today: [...times(16, 1), ...times(3, 1), 4, 4],
      // D2 at 09:30 and 10:00, D1 at 10:30, none at 11:00 and 11:30, and then D2 again.
      previousDay: [...times(19, 0), 1, 1, 1, 0, 0, ...times(24, 1)],
    })
  })

  it('compares a day that has just started with the start of the previous one', () => {
    const midnight = at(20, '00:00')
    const open: (typeof histories)[number] = ['D2', [entered('packing', 19, '10:05')]]
    const before: (typeof histories)[number] = [
      'D0',
      [entered('packing', 18, '20:00'), entered('shipped', 19, '00:01')],
    ]
    const { kpis, trend } = boardOf(engineWithHistories(shipping, [open, before], midnight), 'default', midnight)
    expect(kpis.overdue).toMatchObject({ count: 1, previousDay: 1 })
    expect(trend.today).toEqual([1])
    // Without any event before today, there is no day to compare with.
    const first = engineWithHistories(shipping, [['A0', [entered('picking', 20, '06:10')]]], now)
    expect(boardOf(first, 'default', now)).toMatchObject({ trend: { previousDay: [] } })
    expect(boardOf(first, 'default', now).kpis.overdue).not.toHaveProperty('previousDay')
  })

  it('has the counts of each stage', () => {
    expect(board.stageOrder).toEqual(['picking', 'packing', 'labelling', 'shipped'])
    expect(board.stages).toEqual({
      picking: {
        name: { zh: 'picking', en: 'picking' },
        wip: 9,
        overdue: 6,
        atRisk: 1,
        stalled: 1,
        held: 1,
        medianCount: 1,
        // Too many are open for an estimate, but the fifth of ten ages, D2's, already exceeds the limit.
        medianMs: about(3 * hourMs + 35 * minuteMs),
        targetMs: 3 * hourMs,
        toleranceRatio: 0.1,
        arrivalsToday: 9,
        departuresToday: 0,
      },
      packing: {
        name: { zh: 'packing', en: 'packing' },
        wip: 2,
        overdue: 0,
        atRisk: 1,
        stalled: 0,
        held: 0,
        // D1 and D2. The second of four ages is B2's: below the limit, so there is no median.
        medianCount: 2,
        targetMs: 90 * minuteMs,
        toleranceRatio: 0.1,
        arrivalsToday: 2,
        departuresToday: 1,
      },
      labelling: {
        name: { zh: 'labelling', en: 'labelling' },
        wip: 2,
        overdue: 0,
        atRisk: 1,
        stalled: 1,
        held: 0,
        medianCount: 1,
        targetMs: 20 * hourMs,
        toleranceRatio: 0.1,
        arrivalsToday: 2,
        departuresToday: 1,
      },
      shipped: {
        name: { zh: 'shipped', en: 'shipped' },
        wip: 0,
        overdue: 0,
        atRisk: 0,
        stalled: 0,
        held: 0,
        // An order leaves the last stage as soon as it enters it: D1, D2 and D3.
        medianCount: 3,
        toleranceRatio: 0.1,
        arrivalsToday: 2,
        departuresToday: 2,
      },
    })
  })

  it('has the last six hours of each stage', () => {
    expect(board.heatmap.marks).toEqual(
      ['10:00', '09:00', '08:00', '07:00', '06:00', '05:00'].map((time) => at(20, time)),
    )
    const pairs = Object.entries(board.heatmap.cells).map(([stage, row]) => [
      stage,
      row.map((cell) => cell && [cell.wip, cell.overdue]),
    ])
    expect(Object.fromEntries(pairs)).toEqual({
      picking: [
        [9, 4],
        [8, 1],
        [8, 1],
        [5, 0],
        [2, 0],
        [2, 0],
      ],
      packing: [
        [2, 0],
        [2, 0],
        [0, 0],
        [1, 1],
        [1, 1],
        [1, 1],
      ],
      labelling: [
        [2, 0],
        [1, 0],
        [1, 0],
        [1, 0],
        [1, 0],
        [1, 0],
      ],
      shipped: Array.from({ length: 6 }, () => [0, 0]),
    })
  })

  it('lists the most urgent first, of equals the one that is promised, and then by number', () => {
    expect(board.overdue.total).toBe(6)
    expect(board.overdue.order).toEqual(['A7', 'A2', 'A0', 'A1', 'A8', 'A3'])
    expect(board.upcoming).toMatchObject({ total: 3, order: ['B2', 'A4', 'C1'] })
    expect(board.overdue.rows['A1']).toEqual({
      order: 'A1',
      short: engine.shortNumbers.of('A1'),
      stage: 'picking',
      state: 'overdue',
      unclaimed: true,
      limitMs: 3 * hourMs,
      customer: 'Aster',
      reason: 'Material',
      dueAt: at(20, '09:10'),
    })
    expect(board.overdue.rows['A7']).toMatchObject({ state: 'stalled', dueAt: at(20, '07:50') })
    expect(board.overdue.rows['A3']).toMatchObject({ unclaimed: false, owner: 'Li', dueAt: at(20, '10:02:00') })
  })

  it('names the newest breach with those that came a moment before it', () => {
    expect(board.newestBreach).toMatchObject({ at: at(20, '10:02:00'), count: 2, row: { order: 'A3' } })
    const nextBoard = (time: string) =>
      boardOf(engineWithHistories(shipping, histories, at(20, time)), 'default', at(20, time))
    // Ten minutes later it is no longer the newest; at 10:30 B1 passes its limit.
    expect(nextBoard('10:12').newestBreach?.row.order).toBe('A3')
    expect(nextBoard('10:12:01').newestBreach).toBeUndefined()
    expect(nextBoard('10:30').newestBreach).toMatchObject({ at: at(20, '10:30'), count: 1, row: { order: 'B1' } })
  })

  it('counts with the newest breach those of less than ten seconds before', () => {
    const countWith = (time: string) => {
      const one: (typeof histories)[number] = ['A9', [entered('picking', 20, time)]]
      return boardOf(engineWithHistories(shipping, [...histories, one], now), 'default', now).newestBreach?.count
    }
    expect(['07:01:50', '07:01:50.001'].map(countWith)).toEqual([2, 3])
  })

  it('names the same of several that came at one instant, in whatever order it has learned of them', () => {
    const first: (typeof histories)[number] = ['A10', [entered('picking', 20, '07:02')]]
    for (const added of [
      [...histories, first],
      [first, ...histories],
    ]) {
      const { newestBreach } = boardOf(engineWithHistories(shipping, added, now), 'default', now)
      expect(newestBreach).toMatchObject({ at: at(20, '10:02:00'), count: 3, row: { order: 'A10' } })
    }
  })

  it('neither names nor counts a breach of an order on hold', () => {
    const held: (typeof histories)[number] = [
      'A9',
      [entered('picking', 20, '07:01:58'), ['order.held', at(20, '10:05')]],
    ]
    const later: (typeof histories)[number] = [
      'A10',
      [entered('picking', 20, '07:03'), ['order.held', at(20, '10:05')]],
    ]
    const with9 = boardOf(engineWithHistories(shipping, [...histories, held, later], now), 'default', now)
    expect(with9.kpis.overdue.count).toBe(8)
    expect(with9.newestBreach).toMatchObject({ at: at(20, '10:02:00'), count: 2, row: { order: 'A3' } })
  })

  it('has one stage in focus, with the reasons by how often they are given', () => {
    expect(Object.keys(board.focus ?? {})).toEqual(['picking'])
    expect(board.focus!['picking']).toMatchObject({
      overdue: { total: 6, order: ['A7', 'A2', 'A0', 'A1', 'A8', 'A3'] },
      upcoming: { total: 1, order: ['A4'] },
      // Three reasons were given once each; the last one by name does not fit.
      reasons: [
        { reason: 'Material', count: 2 },
        { reason: 'Approval', count: 1 },
        { reason: 'Carrier', count: 1 },
        { count: 1 },
      ],
    })
  })

  it('last moved today, and is never off shift', () => {
    expect(board).toMatchObject({ asOf: now, lastMovedOn: at(20, '00:00'), offShift: false })
    expect(board.process.hasCalendar).toBe(false)
  })
})

describe('the bottleneck', () => {
  it('is chosen by the flow of the last 24 hours, from the turn of an hour on', () => {
    const common = { toleranceRatio: 0.1 }
    expect(bottleneckStages(boardSource(engine, 'default'), now)).toEqual([
      // Yesterday at 10:00 there was D2, which left at 10:05.
      { ...common, stage: 'picking', wipCount: 9, overdueCount: 6, recentNet: 8, recentArrivals: 9 },
      // D1 was there and D2 arrived; both have left.
      { ...common, stage: 'packing', wipCount: 2, overdueCount: 0, recentNet: 1, recentArrivals: 3 },
      { ...common, stage: 'labelling', wipCount: 2, overdueCount: 0, recentNet: 2, recentArrivals: 3 },
      { ...common, stage: 'shipped', wipCount: 0, overdueCount: 0, recentNet: 0, recentArrivals: 3 },
    ])
  })

  it('sees no flow where nothing has come and nothing has left', () => {
    const resting = engineWithHistories(shipping, [['A1', [entered('picking', 18, '06:00')]]], now)
    const [picking] = bottleneckStages(boardSource(resting, 'default'), now)
    expect(picking).toMatchObject({ wipCount: 1, recentNet: 0, recentArrivals: 0 })
  })

  it('sees the flow of the current hour', () => {
    const passing: HistoryEntry[] = [entered('picking', 20, '10:00'), entered('packing', 20, '10:04')]
    const [picking] = bottleneckStages(
      boardSource(engineWithHistories(shipping, [['A1', passing]], now), 'default'),
      now,
    )
    expect(picking).toMatchObject({ wipCount: 0, recentNet: 0, recentArrivals: 1 })
  })

  it('is named on a live board, and leaves it when it is none any more', () => {
    const clock = new VirtualClock(now)
    let current = engine
    const boards = new SiteBoards({
      clock,
      defaultProcess: () => 'default',
      sourceOf: (process) => boardSource(current, process),
      translationsOf: () => undefined,
      position: () => '7',
      departments: undefined,
      site: 'main',
      deltas: { delta: () => undefined },
      built: () => undefined,
      failed: (error) => expect.fail(String(error)),
    })
    expect(boards.find('overview')!.snapshot()).toMatchObject({ bottleneck: 'picking', position: '7', version: 1 })
    clock.advanceTo(now + 1_000)
    current = engineWithHistories(shipping, histories.slice(0, 7), clock.now())
    expect(boards.find('overview:default')!.snapshot()).not.toHaveProperty('bottleneck')
    expect(boards.find('overview')!.snapshot()).not.toHaveProperty('bottleneck')
    boards.close()
  })
})

describe('the median of the last 24 hours', () => {
  const completed = (order: string, from: number, to: number): readonly [string, readonly HistoryEntry[]] => [
    order,
    [
      ['stage.entered', from, { stage: 'packing' }],
      ['stage.completed', to, { stage: 'packing' }],
    ],
  ]
  /** `count` orders that left an hour ago after 1, 2, 3, … hours. */
  const left = (count: number) =>
    Array.from({ length: count }, (_, i) => completed(`E${i}`, at(20, '09:30') - (i + 1) * hourMs, at(20, '09:30')))
  const packingOf = (orders: typeof histories) =>
    boardOf(engineWithHistories(shipping, orders, now), 'default', now).stages['packing']!

  it('is that of the five that left in it', () => {
    expect(packingOf(left(5))).toMatchObject({ medianCount: 5, medianMs: about(3 * hourMs) })
    // An order that has just arrived carries no information yet.
    const arrived: (typeof histories)[number] = ['F1', [entered('packing', 20, '10:00')]]
    expect(packingOf([...left(5), arrived])).toMatchObject({ medianCount: 5, medianMs: about(3 * hourMs) })
  })

  it('leaves out orders that left before its first hour', () => {
    const before = ['F1', 'F2'].map((order) => completed(order, at(19, '09:40'), at(19, '09:59')))
    expect(packingOf([...left(5), ...before])).toMatchObject({ medianCount: 5, medianMs: about(3 * hourMs) })
    const within = ['F1', 'F2'].map((order) => completed(order, at(19, '10:00'), at(19, '10:19')))
    expect(packingOf([...left(5), ...within])).toMatchObject({ medianCount: 7, medianMs: about(2 * hourMs) })
  })

  it('counts visits that started earlier only from the age that they had at its start', () => {
    // Started 20 h before the span: of nine seen from their start, the fifth is the median.
    const late = ['F1', 'F2', 'F3'].map((order) => completed(order, at(18, '14:00'), at(19, '10:30')))
    expect(packingOf([...left(9), ...late])).toMatchObject({ medianCount: 12, medianMs: about(5 * hourMs) })
  })
})
