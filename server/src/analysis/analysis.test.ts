import { dwellQuery, flowQuery, timeQuery } from '@stagewatch/shared/contract/analysis.ts'
import type { TimeAnswer, TimeQuery } from '@stagewatch/shared/contract/analysis.ts'
import type { PartsRow } from '@stagewatch/shared/contract/analysis-parts.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import { LiveEngine } from '../engine/live-engine.ts'
import { directScans } from '../engine/scans/visit-scans.ts'
import { dwellDistribution } from './dwell-distribution.ts'
import { stageFlow } from './stage-flow.ts'
import { timeParts } from './time-parts.ts'
import { timeSpent } from './time-spent.ts'

const hour = 3_600_000
const at = (text: string) => Date.parse(`${text}:00+08:00`)
/** A Monday. */
const now = at('2026-11-23T12:00')

/** One order: its customer, when it entered packing, when it moved on to shipping, and when that was done. */
type Way = readonly [customer: string, packing: string, shipping?: string, done?: string]

/** Packing has a limit of 10 hours. */
function siteOf(...ways: readonly Way[]): LiveEngine {
  const engine = new LiveEngine('Asia/Shanghai')
  const stages = [{ ...plainStage('packing'), targetMs: 10 * hour }, plainStage('shipping')]
  const definition = { code: 'default', name: { zh: '', en: '' }, stages, acceptsNewStages: true, goals: {} }
  engine.setProcess([{ definition }], now)
  for (const [i, [customer, packing, shipping, done]] of ways.entries()) {
    const history: HistoryEntry[] = [
      ['order.changed', at(packing), { data: { customer } }],
      ['stage.entered', at(packing), { stage: 'packing' }],
      ...(shipping === undefined ? [] : [['stage.entered', at(shipping), { stage: 'shipping' }] as const]),
      ...(done === undefined ? [] : [['order.completed', at(done)] as const]),
    ]
    const order = `SO-${i}`
    const events = eventLog(...history).map((event) => ({ ...event, order }))
    engine.apply(order, 'default', foldOrder(order, events, { isTerminal: () => false }), history.length, now)
  }
  return engine
}

const plant = siteOf(
  // Friday 20:00: 4 hours of packing and 8 of shipping.
  ['Acme', '2026-11-20T20:00', '2026-11-21T00:00', '2026-11-21T08:00'],
  // Saturday 9:00: 12 hours of packing, beyond its limit, and 2 of shipping.
  ['Acme', '2026-11-21T09:00', '2026-11-21T21:00', '2026-11-21T23:00'],
  // Saturday 9:30: 2 hours of packing, then still in shipping.
  ['Bolt', '2026-11-21T09:30', '2026-11-21T11:30'],
  // Before the period, except for its shipping, which took 24 hours from Thursday 10:00.
  ['Cord', '2026-11-18T08:00', '2026-11-19T10:00', '2026-11-20T10:00'],
  // In packing since Sunday.
  ['Bolt', '2026-11-22T10:00'],
)
const weekend = { from: '2026-11-20T00:00:00+08:00' }

const spent = (more: object): Promise<Omit<TimeAnswer, 'asOf' | 'position'>> =>
  timeSpent(plant, timeQuery.parse({ ...weekend, clock: 'elapsed', ...more }), now, directScans)
const hoursOf = ({ rows }: Pick<TimeAnswer, 'rows'>) =>
  rows.filter(({ visits }) => visits > 0).map(({ key, visits, totalMs }) => [key, visits, totalMs / hour])

describe('where time goes', () => {
  it('is reported by stage, largest first, with the total and the visits past their limit', async () => {
    const answer = await spent({})
    expect(hoursOf(answer)).toEqual([
      ['shipping', 3, 34],
      ['packing', 3, 18],
    ])
    expect(answer.rows[1]).toMatchObject({ meanMs: 6 * hour, judged: 3, breaches: 1, process: 'default' })
    // Histograms are accurate to within 1 %.
    expect(answer.rows[1]!.p50Ms! / (4 * hour)).toBeCloseTo(1, 1)
    expect(answer.total).toMatchObject({ visits: 6, totalMs: 52 * hour, judged: 3, breaches: 1 })
    expect([answer.from, answer.to, answer.rest]).toEqual([at('2026-11-20T00:00'), now, undefined])
  })

  it.each([
    [
      'customer',
      'packing',
      [
        ['Acme', 2, 16],
        ['Bolt', 1, 2],
      ],
    ],
    // 5 is a Friday.
    [
      'weekday',
      undefined,
      [
        ['4', 1, 24],
        ['5', 1, 4],
        ['6', 4, 24],
      ],
    ],
    [
      'hourOfDay',
      'packing',
      [
        ['9', 2, 14],
        ['20', 1, 4],
      ],
    ],
  ] as const)('is told by %s within %s', async (rows, stage, expected) => {
    expect(hoursOf(await spent({ rows, ...(stage && { stage }) }))).toEqual(expected)
  })

  it('adds up what is beyond the top', async () => {
    const answer = await spent({ rows: 'customer', top: '1' })
    expect(hoursOf(answer)).toEqual([['Acme', 4, 26]])
    expect(answer.rest).toMatchObject({ rows: 2, visits: 2, totalMs: 26 * hour, judged: 1 })
  })

  it('reports the largest of a thousand names in the same way as of a few', async () => {
    const hours = (place: number) => String(1 + (place % 3)).padStart(2, '0')
    const ways = Array.from({ length: 1_200 }, (_, place): Way => {
      return [`C${place}`, '2026-11-21T00:00', place === 123 ? '2026-11-21T20:00' : `2026-11-21T${hours(place)}:00`]
    })
    const query = timeQuery.parse({ ...weekend, clock: 'elapsed', rows: 'customer', top: '2' })
    const answer = await timeSpent(siteOf(...ways), query, now, directScans)
    // 399 of one hour, 400 each of two and of three, and the one of 20 in place of one of one hour.
    expect(hoursOf(answer)).toEqual([
      ['C123', 1, 20],
      ['C2', 1, 3],
    ])
    expect(answer.total).toMatchObject({
      visits: 1_200,
      totalMs: (399 + 800 + 1_200 + 20) * hour,
      judged: 1_200,
      breaches: 1,
    })
    expect(answer.rest).toEqual({
      visits: 1_198,
      totalMs: (399 + 800 + 1_197) * hour,
      meanMs: (2_396 / 1_198) * hour,
      judged: 1_198,
      breaches: 0,
      rows: 1_198,
    })
  })

  it('defaults to the last 14 days, and rejects a period that is invalid or too long', async () => {
    const ask = (query: Partial<TimeQuery>) => timeSpent(plant, { ...timeQuery.parse({}), ...query }, now, directScans)
    expect((await ask({})).from).toBe(at('2026-11-10T00:00'))
    await expect(ask({ from: now + hour })).rejects.toMatchObject({ code: 'invalid_field' })
    await expect(ask({ from: now - 401 * 24 * hour })).rejects.toThrow('longer than 400 days')
  })
})

describe('the distribution of how long visits took', () => {
  it('puts every visit into its bin, and reports open visits and the limit separately', async () => {
    const query = dwellQuery.parse({ ...weekend, clock: 'elapsed', stage: 'packing' })
    const answer = await dwellDistribution(plant, query, now, directScans)
    expect(answer).toMatchObject({ visits: 3, open: 1, targetMs: 10 * hour, judged: 3, breaches: 1, meanMs: 6 * hour })
    expect(answer.bins).toEqual([
      { fromMs: 0, finished: 0, open: 0 },
      { fromMs: 2 * hour, finished: 1, open: 0 },
      { fromMs: 4 * hour, finished: 1, open: 0 },
      { fromMs: 8 * hour, finished: 1, open: 0 },
      { fromMs: 16 * hour, finished: 0, open: 0 },
      { fromMs: 24 * hour, finished: 0, open: 1 },
    ])
    const linear = await dwellDistribution(plant, { ...query, scale: 'linear' }, now, directScans)
    const filled = linear.bins.filter(({ finished, open }) => finished + open > 0)
    expect(filled.map(({ fromMs }) => fromMs / hour)).toEqual([2, 4, 12, 26])
  })
})

describe('what comes and goes', () => {
  it('is counted day by day, and adds up to what is open', async () => {
    const answer = await stageFlow(plant, flowQuery.parse(weekend), now, directScans)
    expect(answer.columns.map((column) => new Date(column).toISOString())).toEqual([
      '2026-11-19T16:00:00.000Z',
      '2026-11-20T16:00:00.000Z',
      '2026-11-21T16:00:00.000Z',
      '2026-11-22T16:00:00.000Z',
    ])
    expect(answer.stages.map(({ name: _name, process: _process, ...flow }) => flow)).toEqual([
      { stage: 'packing', openBefore: 0, arrived: [1, 2, 1, 0], departed: [0, 3, 0, 0], open: [1, 0, 1, 1] },
      { stage: 'shipping', openBefore: 1, arrived: [0, 3, 0, 0], departed: [1, 2, 0, 0], open: [0, 1, 1, 1] },
    ])
  })

  it('is counted of the chosen orders only', async () => {
    const bolt = await stageFlow(plant, flowQuery.parse({ ...weekend, customer: 'Bolt' }), now, directScans)
    expect(bolt.stages.map(({ stage, arrived }) => [stage, arrived])).toEqual([
      ['packing', [0, 1, 1, 0]],
      ['shipping', [0, 1, 0, 0]],
    ])
  })

  it('has no more columns than a chart can show', async () => {
    const hours = flowQuery.parse({ columns: 'hour', from: '2026-01-01T00:00:00Z' })
    await expect(stageFlow(plant, hours, now, directScans)).rejects.toThrow('must not be longer than 800 hours')
  })
})

describe('how time was spent', () => {
  /** 10 hours from Friday 8:00: 2 waiting, 3 on hold for material and 1 more waiting for it, 4 of work. */
  const worked = eventLog(
    ['order.changed', at('2026-11-20T08:00'), { data: { customer: 'Acme' } }],
    ['stage.entered', at('2026-11-20T08:00'), { stage: 'packing' }],
    ['order.held', at('2026-11-20T10:00'), { data: { waitingFor: 'material' } }],
    ['order.resumed', at('2026-11-20T13:00')],
    ['stage.started', at('2026-11-20T14:00'), { stage: 'packing' }],
    ['stage.completed', at('2026-11-20T18:00'), { stage: 'packing' }],
  )
  /** 5 hours of which nothing is known, from Friday 9:00. */
  const silent = eventLog(
    ['order.changed', at('2026-11-20T09:00'), { data: { customer: 'Bolt' } }],
    ['stage.entered', at('2026-11-20T09:00'), { stage: 'packing' }],
    ['stage.completed', at('2026-11-20T14:00'), { stage: 'packing' }],
  )
  const engine = siteOf()
  for (const [order, events] of Object.entries({ worked, silent })) {
    const own = events.map((event) => ({ ...event, order }))
    engine.apply(order, 'default', foldOrder(order, own, { isTerminal: () => false }), own.length, now)
  }
  const parts = (more: object): ReturnType<typeof timeParts> =>
    timeParts(engine, timeQuery.parse({ ...weekend, clock: 'elapsed', ...more }), now, directScans)
  const inHours = ({ key, visits, totalMs, workingMs, waitingMs, heldMs, unsaidMs, causes }: PartsRow) => [
    key,
    visits,
    ...[totalMs, workingMs, waitingMs, heldMs, unsaidMs].map((ms) => Math.round((ms / hour) * 100) / 100),
    Object.fromEntries(causes.map(({ cause, ms }) => [cause, Math.round(ms / hour)])),
  ]

  it('tells working, waiting, held and unreported time of each row', async () => {
    expect((await parts({ rows: 'customer' })).rows.map(inHours)).toEqual([
      ['Acme', 1, 10, 4, 3, 3, 0, { material: 4 }],
      ['Bolt', 1, 5, 0, 0, 0, 5, {}],
    ])
    expect((await parts({})).rows.map(inHours)).toEqual([['packing', 2, 15, 4, 3, 3, 5, { material: 4 }]])
  })

  it('groups by the hour in which an order came in, and by names beyond the longest rows', async () => {
    const byHour = await parts({ rows: 'hourOfDay' })
    expect(byHour.rows).toHaveLength(24)
    expect(byHour.rows.filter(({ visits }) => visits > 0).map(inHours)).toEqual([
      ['8', 1, 10, 4, 3, 3, 0, { material: 4 }],
      ['9', 1, 5, 0, 0, 0, 5, {}],
    ])
    const { rest, total } = await parts({ rows: 'customer', top: '1' })
    expect(rest).toMatchObject({ rows: 1, visits: 1, unsaidMs: 5 * hour })
    expect(total).toMatchObject({ visits: 2, totalMs: 15 * hour })
  })
})
