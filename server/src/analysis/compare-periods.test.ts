import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import { LiveEngine } from '../engine/live-engine.ts'
import { directScans } from '../engine/scans/visit-scans.ts'
import { comparePeriods } from './compare-periods.ts'

const hour = 3_600_000
const day = 24 * hour
/** A Monday. */
const change = Date.parse('2026-11-02T00:00:00+08:00')
const now = change + 14 * day + hour

/** On each day of the two weeks before and after the change, `perDay` orders are signed that took `hours` each. */
function site(before: { perDay: number; hours: number }, after: { perDay: number; hours: number }): LiveEngine {
  const engine = new LiveEngine('Asia/Shanghai')
  const stages = [{ ...plainStage('make'), targetMs: 5 * hour }]
  const definition = { code: 'default', name: { zh: '', en: '' }, stages, acceptsNewStages: true, goals: {} }
  engine.setProcess([{ definition }], now)
  for (let offset = -14; offset < 14; offset++) {
    const { perDay, hours } = offset < 0 ? before : after
    for (let i = 0; i < perDay; i++) {
      const order = `${offset}/${i}`
      const endedAt = change + offset * day + 12 * hour
      const told = [
        ['stage.entered', endedAt - hours * hour, { stage: 'make' }],
        ['order.completed', endedAt],
      ] as const
      const events = eventLog(...told).map((event) => ({ ...event, order }))
      engine.apply(order, 'default', foldOrder(order, events, { isTerminal: () => false }), 2, now)
    }
  }
  return engine
}

const asked = {
  clock: 'elapsed' as const,
  beforeFrom: change - 14 * day,
  beforeTo: change,
  afterFrom: change,
  afterTo: change + 14 * day,
}

describe('two periods', () => {
  it('are compared as is reckoned by hand', async () => {
    const engine = site({ perDay: 4, hours: 4 }, { perDay: 6, hours: 3 })
    const answer = await comparePeriods(engine, asked, now, directScans)
    expect(answer).toMatchObject({ matchedDays: 14, before: { days: 14, closed: 0 }, after: { days: 14, closed: 0 } })
    const [make] = answer.stages
    const exactly = (value: number) => ({
      value: expect.closeTo(value, 6),
      low: expect.closeTo(value, 6),
      high: expect.closeTo(value, 6),
    })
    expect(make?.meanMs).toMatchObject({ before: 4 * hour, after: 3 * hour, countBefore: 56, countAfter: 84 })
    expect(make?.meanMs.change).toEqual(exactly(-0.25))
    expect(make?.perDay).toMatchObject({ before: 4, after: 6, change: exactly(0.5) })
    expect(answer.orders.leadMedianMs).toMatchObject({ before: 4 * hour, after: 3 * hour, change: exactly(-0.25) })
    // Nothing passed its target, so there is no share whose change could be measured.
    expect(make?.breachRatio).toEqual({ before: 0, after: 0, countBefore: 56, countAfter: 84 })
  })

  it('give shares in points', async () => {
    const answer = await comparePeriods(site({ perDay: 4, hours: 6 }, { perDay: 4, hours: 3 }), asked, now, directScans)
    expect(answer.stages[0]?.breachRatio).toMatchObject({ before: 1, after: 0, change: { value: -1 } })
  })

  it('report no change when there are too few visits', async () => {
    const answer = await comparePeriods(site({ perDay: 2, hours: 4 }, { perDay: 4, hours: 3 }), asked, now, directScans)
    expect(answer.stages[0]?.medianMs).toMatchObject({ countBefore: 28, countAfter: 56 })
    expect(answer.stages[0]?.medianMs).not.toHaveProperty('change')
    const few = { ...asked, beforeFrom: change - 4 * day }
    const ofFew = await comparePeriods(site({ perDay: 90, hours: 4 }, { perDay: 90, hours: 3 }), few, now, directScans)
    expect(ofFew.matchedDays).toBe(8 / 2)
    expect(ofFew.stages[0]?.meanMs).not.toHaveProperty('change')
  })

  it('are refused when they overlap, or hold no day that is over', async () => {
    const engine = site({ perDay: 1, hours: 1 }, { perDay: 1, hours: 1 })
    const refused = (query: object) => comparePeriods(engine, { ...asked, ...query }, now, directScans)
    await expect(refused({ beforeTo: change + day })).rejects.toMatchObject({ code: 'invalid_field' })
    await expect(refused({ afterFrom: change + 14 * day, afterTo: undefined })).rejects.toMatchObject({
      code: 'invalid_field',
    })
    await expect(refused({ beforeFrom: change - 400 * day })).rejects.toMatchObject({ code: 'invalid_field' })
  })
})
