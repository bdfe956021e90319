import { compareQuery } from '@stagewatch/shared/contract/analysis-compare.ts'
import { outliersQuery } from '@stagewatch/shared/contract/analysis-outliers.ts'
import { timeQuery } from '@stagewatch/shared/contract/analysis.ts'
import { visitsQuery } from '@stagewatch/shared/contract/analysis-visits.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import { seededRandom } from '@stagewatch/shared/domain/analysis/seeded-random.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import { LiveEngine } from '../engine/live-engine.ts'
import { directScans } from '../engine/scans/visit-scans.ts'
import { comparePeriods } from './compare-periods.ts'
import { describeOutliers } from './outliers.ts'
import { timeSpent } from './time-spent.ts'
import { listVisits } from './visits-behind.ts'

const hour = 3_600_000
const day = 24 * hour
const now = Date.parse('2026-11-23T12:00:00+08:00')
const orders = 1_500

/** Orders of eleven weeks, each an hour or more in packing; those of Acme, or from a Monday, take much longer. */
function plant(): LiveEngine {
  const engine = new LiveEngine('Asia/Shanghai')
  const definition = { code: 'default', name: { zh: '', en: '' }, acceptsNewStages: true, goals: {} }
  engine.setProcess([{ definition: { ...definition, stages: [plainStage('packing'), plainStage('shipping')] } }], 0)
  const random = seededRandom(5)
  for (let i = 0; i < orders; i++) {
    const order = `SO-${i}`
    const customer = random() < 0.2 ? 'Acme' : 'Bolt'
    const begin = Math.floor(now - 2 * day - random() * 75 * day)
    const isMonday = engine.days.weekdayOf(begin) === 1
    const dwell = Math.floor(hour * (1 + random()) * (customer === 'Acme' ? 3 : 1) * (isMonday ? 4 : 1))
    const events = eventLog(
      ['order.changed', begin, { data: { customer } }],
      ['stage.entered', begin, { stage: 'packing' }],
      ['stage.entered', begin + dwell, { stage: 'shipping' }],
      ['order.completed', begin + dwell + hour],
    ).map((event) => ({ ...event, order }))
    engine.apply(order, 'default', foldOrder(order, events, { isTerminal: () => false }), events.length, now)
  }
  return engine
}

const engine = plant()
const list = (query: object) => listVisits(engine, visitsQuery.parse({ clock: 'elapsed', ...query }), now)

describe('the visits behind a figure', () => {
  it('are as many as reported for each row by weekday and by hour', async () => {
    for (const [rows, parameter] of [
      ['weekday', 'weekday'],
      ['hourOfDay', 'hourOfDay'],
    ] as const) {
      const query = timeQuery.parse({ rows, stage: 'packing', clock: 'elapsed', from: '2026-10-10T00:00:00+08:00' })
      const answer = await timeSpent(engine, query, now, directScans)
      expect(answer.total.visits).toBeGreaterThan(500)
      for (const { key, visits, totalMs } of answer.rows) {
        const found = await list({ stage: 'packing', [parameter]: key, from: '2026-10-10T00:00:00+08:00' })
        expect([key, found.total]).toEqual([key, visits])
        if (found.nextOffset !== undefined) continue
        expect(found.visits.reduce((sum, { dwellMs }) => sum + dwellMs, 0)).toBe(totalMs)
      }
    }
  })

  it('are those of all stages where none is chosen, of each row by customer and by weekday', async () => {
    const period = { from: '2026-10-10T00:00:00+08:00' }
    for (const [rows, parameter] of [
      ['customer', 'customer'],
      ['weekday', 'weekday'],
    ] as const) {
      const answer = await timeSpent(engine, timeQuery.parse({ rows, clock: 'elapsed', ...period }), now, directScans)
      for (const { key, visits } of answer.rows) {
        const found = await list({ [parameter]: key, ...period })
        expect([key, found.total]).toEqual([key, visits])
        expect(found).not.toHaveProperty('stageName')
      }
    }
    const all = await list(period)
    expect(new Set(all.visits.map(({ stageName }) => stageName['en']))).toEqual(new Set(['packing']))
    expect(all.visits[0]?.dwellMs).toBe((await list({ ...period, stage: 'packing' })).visits[0]?.dwellMs)
  })

  it('are as many as each finding reports', async () => {
    const period = { from: '2026-10-01T00:00:00+08:00' }
    const question = outliersQuery.parse({ ...period, clock: 'elapsed' })
    const { findings } = await describeOutliers(engine, question, openPrivacy, now, directScans)
    expect(new Set(findings.map(({ dimension }) => dimension))).toEqual(new Set(['customer', 'weekday']))
    for (const { stage, dimension, value, visits } of findings) {
      const entered = dimension === 'weekday' ? { entered: 'period' } : {}
      const found = await list({ ...period, stage, [dimension]: value, ...entered })
      expect([dimension, value, found.total]).toEqual([dimension, value, visits])
    }
  })

  it('are as many as a comparison has on each side, whose days have a partner', async () => {
    const periods = { beforeFrom: '2026-10-01T00:00:00+08:00', beforeTo: '2026-10-20T00:00:00+08:00' }
    const after = { afterFrom: '2026-11-02T00:00:00+08:00', afterTo: '2026-11-12T00:00:00+08:00' }
    const query = compareQuery.parse({ ...periods, ...after, clock: 'elapsed' })
    const answer = await comparePeriods(engine, query, now, directScans)
    expect(answer.matchedDays).toBeLessThan(answer.before.days)
    for (const { stage, medianMs } of answer.stages) {
      const [before, later] = await Promise.all(
        (['before', 'after'] as const).map((side) => list({ stage, side, ...periods, ...after })),
      )
      expect([before!.total, later!.total]).toEqual([medianMs.countBefore, medianMs.countAfter])
      expect(before!.total).toBeGreaterThan(50)
    }
  })

  it('come the longest first, page by page, none twice', async () => {
    const period = { stage: 'packing', from: '2026-09-01T00:00:00+08:00' }
    const all: { readonly order: string; readonly dwellMs: number }[] = []
    for (let offset: number | undefined = 0; offset !== undefined;) {
      const page: Awaited<ReturnType<typeof list>> = await list({ ...period, offset: String(offset) })
      expect(page.total).toBe(orders)
      all.push(...page.visits)
      offset = page.nextOffset
    }
    expect(new Set(all.map(({ order }) => order)).size).toBe(orders)
    const dwells = all.map(({ dwellMs }) => dwellMs)
    expect(dwells).toEqual(dwells.toSorted((a, b) => b - a))
    await expect(list({ stage: 'nowhere' })).rejects.toMatchObject({ code: 'not_found' })
  })
})
