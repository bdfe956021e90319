import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { plantCalendar } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import { describe, expect, it } from 'vitest'
import { LiveEngine } from '../engine/live-engine.ts'
import { SiteCalendars } from '../rules/site-calendars.ts'
import { stageStatistics } from './stage-stats.ts'

const hour = 3_600_000
const monday = Date.parse('2026-11-23T00:00:00+08:00')

/** Orders that went through packing, and orders that are in it, with the given durations. */
function site({ finishedMs = [], openMs = [] }: { finishedMs?: readonly number[]; openMs?: readonly number[] }) {
  const engine = new LiveEngine('Asia/Shanghai')
  const stages = [plainStage('packing'), plainStage('shipping')]
  const definition = { code: 'default', name: { zh: '', en: '' }, stages, acceptsNewStages: true, goals: {} }
  engine.setProcess([{ definition }], monday)
  for (const [i, ms] of finishedMs.entries()) {
    receive(engine, `done-${i}`, [
      ['stage.entered', monday - 100 * hour, { stage: 'packing' }],
      ['stage.entered', monday - 100 * hour + ms, { stage: 'shipping' }],
      ['order.completed', monday - hour],
    ])
  }
  for (const [i, ms] of openMs.entries()) {
    receive(engine, `open-${i}`, [
      ['order.changed', monday - ms, { data: { customer: i === 0 ? 'Acme' : 'others' } }],
      ['stage.entered', monday - ms, { stage: 'packing' }],
    ])
  }
  return engine
}

function receive(engine: LiveEngine, order: string, history: readonly HistoryEntry[]): void {
  const events = eventLog(...history).map((event) => ({ ...event, order }))
  const state = foldOrder(order, events, { isTerminal: () => false })
  engine.apply(order, 'default', state, history.length, monday)
}

describe('statistics of a stage', () => {
  it('tell how long the orders have been there that are in it now', async () => {
    const [packing, shipping] = await stageStatistics(site({ openMs: [hour, 3 * hour] }), {}, monday)
    expect(packing).toMatchObject({ visits: 0, wip: 2, openMeanMs: 2 * hour, openMaxMs: 3 * hour })
    expect(shipping).not.toHaveProperty('openMeanMs')
    expect(packing).not.toHaveProperty('p50Ms')
  })

  it('have a share of breaches where visits had a target, and none where they had not', async () => {
    const engine = site({ finishedMs: [hour, 3 * hour] })
    expect((await stageStatistics(engine, {}))[0]).toMatchObject({ visits: 2, breaches: 0 })
    expect((await stageStatistics(engine, {}))[0]).not.toHaveProperty('breachRatio')
    const limited = new LiveEngine('Asia/Shanghai')
    const stages = [{ ...plainStage('packing'), targetMs: 4 * hour }, plainStage('shipping')]
    const definition = { code: 'default', name: { zh: '', en: '' }, stages, acceptsNewStages: true, goals: {} }
    limited.setProcess([{ definition }], monday)
    receive(limited, 'done', [
      ['stage.entered', monday - 9 * hour, { stage: 'packing' }],
      ['order.completed', monday - 8 * hour],
    ])
    expect((await stageStatistics(limited, {}))[0]).toMatchObject({ visits: 1, breaches: 0, breachRatio: 0 })
  })

  it('do not look fast when nothing leaves the stage any more', async () => {
    const finishedMs = Array.from({ length: 10 }, () => hour)
    const openMs = Array.from({ length: 30 }, () => 50 * hour)
    const [packing] = await stageStatistics(site({ finishedMs, openMs }), {}, monday)
    expect(packing).toMatchObject({ visits: 10, wip: 30 })
    expect(packing!.p50Ms! / hour).toBeCloseTo(1, 1)
    expect(packing).not.toHaveProperty('p50WithOpenMs')
    expect(packing!.p50AtLeastMs! / hour / 50).toBeCloseTo(1, 1)
  })

  it('have the percentiles of finished visits when no order is in the stage', async () => {
    const [packing] = await stageStatistics(site({ finishedMs: [hour, 2 * hour, 30 * hour] }), {}, monday)
    expect(packing).toMatchObject({ p50WithOpenMs: packing!.p50Ms, p90WithOpenMs: packing!.p90Ms })
    expect(packing).not.toHaveProperty('p50AtLeastMs')
  })

  it('count the ages of the orders that were asked for', async () => {
    const [packing] = await stageStatistics(site({ openMs: [hour, 3 * hour] }), { customer: ['Acme'] }, monday)
    expect(packing).toMatchObject({ wip: 1, openMeanMs: hour, openMaxMs: hour })
  })

  it('count ages by the clock that was asked for', async () => {
    const engine = site({})
    engine.setCalendars(new SiteCalendars([plantCalendar({})], { site: 'plant', departments: {} }))
    receive(engine, 'late', [['stage.entered', monday - 48 * hour, { stage: 'packing' }]])
    const [elapsed] = await stageStatistics(engine, { clock: 'elapsed' }, monday)
    const [working] = await stageStatistics(engine, { clock: 'working' }, monday)
    expect(elapsed).toMatchObject({ openMaxMs: 48 * hour })
    expect(working).toMatchObject({ openMaxMs: 0 })
  })

  it('do not use current orders for a span that has ended', async () => {
    const engine = site({ finishedMs: [hour], openMs: [hour] })
    const [packing] = await stageStatistics(engine, { to: monday - hour }, monday)
    expect(packing).toMatchObject({ wip: 1, openMaxMs: hour })
    expect(packing).not.toHaveProperty('p50WithOpenMs')
    expect(packing).not.toHaveProperty('p50AtLeastMs')
  })
})
