import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { Told } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { bottleneckStages } from './bottleneck-stages.ts'
import { SiteBoards } from './site-boards.ts'
import { boardOf, boardSource } from './testing/board-of.ts'
import { toldEngine } from './testing/fed-engine.ts'

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

/** An instant of November by the clock of the plant. */
function at(day: number, time: string): number {
  return Date.parse(`2026-11-${String(day).padStart(2, '0')}T${time.length === 5 ? `${time}:00` : time}+08:00`)
}

/** A duration as statistics have it, which is within 0.8 % of the true one. */
const about = (ms: number): unknown => expect.toSatisfy((found: number) => Math.abs(found - ms) <= 0.008 * ms)

const entered = (stage: string, day: number, time: string, data = {}): Told => [
  'stage.entered',
  at(day, time),
  { stage, data },
]
const assigned = (owner: string): Told => ['order.assigned', at(20, '07:30'), { data: { owner } }]
const explained = (reason: string): Told => ['note.added', at(20, '07:30'), { data: { reason } }]

const now = at(20, '10:10')

/** All numbers below are worked out by hand from these histories. */
const histories: readonly (readonly [order: string, history: readonly Told[]])[] = [
  // Signed yesterday after 4 h: 2 h of packing, of which half an hour past the limit.
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
  // Signed seven days ago less ten minutes, after 1 h.
  ['D4', [entered('labelling', 13, '09:20'), entered('shipped', 13, '10:20')]],
  // Signed seven days ago and ten minutes.
  ['D5', [entered('labelling', 9, '06:00'), entered('shipped', 13, '10:00')]],
  // Three an hour past the limit: one that is promised, and two that differ in nothing but their number.
  ['A1', [entered('picking', 20, '06:10', { customer: 'Aster' }), explained('Material')]],
  ['A0', [entered('picking', 20, '06:10'), explained('Material')]],
  ['A2', [entered('picking', 20, '06:10', { promisedAt: at(20, '12:00') }), explained('Approval')]],
  // Passed the limit a moment ago, five seconds apart.
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
const engine = toldEngine(shipping, histories, now)
const board = boardOf(engine, 'default', now)

describe('a board of which every number was worked out by hand', () => {
  it('has the numbers of its top row', () => {
    expect(board.kpis).toEqual({
      // Yesterday at 10:00 it was one.
      overdue: { count: 6, unclaimed: 4, judged: 13, previousDay: 1, ceiling: 3 },
      // Stages that differ in when an order stalls have no such time in common.
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

  it('compares a day that has just begun with the beginning of the one before', () => {
    const midnight = at(20, '00:00')
    const open: (typeof histories)[number] = ['D2', [entered('packing', 19, '10:05')]]
    const before: (typeof histories)[number] = [
      'D0',
      [entered('packing', 18, '20:00'), entered('shipped', 19, '00:01')],
    ]
    const { kpis, trend } = boardOf(toldEngine(shipping, [open, before], midnight), 'default', midnight)
    expect(kpis.overdue).toMatchObject({ count: 1, previousDay: 1 })
    expect(trend.today).toEqual([1])
    // Without anything before today there is no day to compare with.
    const first = toldEngine(shipping, [['A0', [entered('picking', 20, '06:10')]]], now)
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
        // Too many are open to tell, but the fifth of ten ages, which is that of D2, is past the limit already.
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
        // D1 and D2. The second of four ages is that of B2: below the limit, so that nothing is said.
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
        // Who enters the last stage leaves it at once: D1, D2 and D3.
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
    const nextBoard = (time: string) => boardOf(toldEngine(shipping, histories, at(20, time)), 'default', at(20, time))
    // Ten minutes later it is none any more; at 10:30 B1 passes its limit.
    expect(nextBoard('10:12').newestBreach?.row.order).toBe('A3')
    expect(nextBoard('10:12:01').newestBreach).toBeUndefined()
    expect(nextBoard('10:30').newestBreach).toMatchObject({ at: at(20, '10:30'), count: 1, row: { order: 'B1' } })
  })

  it('names no breach of an order that is on hold, nor counts it', () => {
    const held: (typeof histories)[number] = [
      'A9',
      [entered('picking', 20, '07:01:58'), ['order.held', at(20, '10:05')]],
    ]
    const later: (typeof histories)[number] = [
      'A10',
      [entered('picking', 20, '07:03'), ['order.held', at(20, '10:05')]],
    ]
    const with9 = boardOf(toldEngine(shipping, [...histories, held, later], now), 'default', now)
    expect(with9.kpis.overdue.count).toBe(8)
    expect(with9.newestBreach).toMatchObject({ at: at(20, '10:02:00'), count: 2, row: { order: 'A3' } })
  })

  it('has one stage in focus, with the reasons by how often they are given', () => {
    expect(Object.keys(board.focus ?? {})).toEqual(['picking'])
    expect(board.focus!['picking']).toMatchObject({
      overdue: { total: 6, order: ['A7', 'A2', 'A0', 'A1', 'A8', 'A3'] },
      upcoming: { total: 1, order: ['A4'] },
      // Of the three that are given once the last by name has no line left.
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
      // There was D1, and D2 came; both have left.
      { ...common, stage: 'packing', wipCount: 2, overdueCount: 0, recentNet: 1, recentArrivals: 3 },
      { ...common, stage: 'labelling', wipCount: 2, overdueCount: 0, recentNet: 2, recentArrivals: 3 },
      { ...common, stage: 'shipped', wipCount: 0, overdueCount: 0, recentNet: 0, recentArrivals: 3 },
    ])
  })

  it('sees no flow where nothing has come and nothing has left', () => {
    const resting = toldEngine(shipping, [['A1', [entered('picking', 18, '06:00')]]], now)
    const [picking] = bottleneckStages(boardSource(resting, 'default'), now)
    expect(picking).toMatchObject({ wipCount: 1, recentNet: 0, recentArrivals: 0 })
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
    current = toldEngine(shipping, histories.slice(0, 7), clock.now())
    expect(boards.find('overview:default')!.snapshot()).not.toHaveProperty('bottleneck')
    expect(boards.find('overview')!.snapshot()).not.toHaveProperty('bottleneck')
    boards.close()
  })
})

describe('the median of the last 24 hours', () => {
  const completed = (order: string, from: number, to: number): readonly [string, readonly Told[]] => [
    order,
    [
      ['stage.entered', from, { stage: 'packing' }],
      ['stage.completed', to, { stage: 'packing' }],
    ],
  ]
  /** So many that left an hour ago after 1, 2, 3, … hours. */
  const left = (count: number) =>
    Array.from({ length: count }, (_, i) => completed(`E${i}`, at(20, '09:30') - (i + 1) * hourMs, at(20, '09:30')))
  const packingOf = (orders: typeof histories) =>
    boardOf(toldEngine(shipping, orders, now), 'default', now).stages['packing']!

  it('is that of the five that left in it', () => {
    expect(packingOf(left(5))).toMatchObject({ medianCount: 5, medianMs: about(3 * hourMs) })
    // One that has just come says nothing yet.
    const arrived: (typeof histories)[number] = ['F1', [entered('packing', 20, '10:00')]]
    expect(packingOf([...left(5), arrived])).toMatchObject({ medianCount: 5, medianMs: about(3 * hourMs) })
  })

  it('leaves out who left before the hour in which it begins', () => {
    const before = ['F1', 'F2'].map((order) => completed(order, at(19, '09:40'), at(19, '09:59')))
    expect(packingOf([...left(5), ...before])).toMatchObject({ medianCount: 5, medianMs: about(3 * hourMs) })
    const within = ['F1', 'F2'].map((order) => completed(order, at(19, '10:00'), at(19, '10:19')))
    expect(packingOf([...left(5), ...within])).toMatchObject({ medianCount: 7, medianMs: about(2 * hourMs) })
  })

  it('counts who had begun before only among those that took as long as they had taken then', () => {
    // Begun 20 h before the span: of nine that were seen from their beginning the fifth is the one in the middle.
    const late = ['F1', 'F2', 'F3'].map((order) => completed(order, at(18, '14:00'), at(19, '10:30')))
    expect(packingOf([...left(9), ...late])).toMatchObject({ medianCount: 12, medianMs: about(5 * hourMs) })
  })
})
