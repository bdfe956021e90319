import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import { LiveEngine } from './live-engine.ts'

const hour = 3_600_000

function folded(...history: HistoryEntry[]): FoldedOrder | undefined {
  return foldOrder('SO-1', eventLog(...history), { isTerminal: () => false })
}

const inPicking = folded(['stage.entered', 0, { stage: 'picking' }])
const inPacking = folded(['stage.entered', 0, { stage: 'picking' }], ['stage.entered', hour, { stage: 'packing' }])

function wip(engine: LiveEngine): Record<string, number> {
  const stages = engine.process('default')?.stages ?? []
  return Object.fromEntries(stages.map(({ definition, counts }) => [definition.code, counts.wip]))
}

describe('live engine', () => {
  it('holds no trace of an order whose every event was taken back', () => {
    const engine = new LiveEngine('UTC')
    engine.apply('SO-1', 'default', inPacking, 2, hour)
    expect(wip(engine)).toEqual({ packing: 1, picking: 0 })
    engine.apply('SO-1', 'default', undefined, 4, hour)
    expect(engine.orders.size).toBe(0)
    expect(wip(engine)).toEqual({})
    expect(engine.ended.finished.size).toBe(0)
    expect(engine.process('default')).toMatchObject({ openCount: 0 })
    expect(engine.nextChangeAt()).toBeUndefined()
  })

  it('counts the events of the orders that it holds', () => {
    const engine = new LiveEngine('UTC')
    const other = foldOrder('SO-2', eventLog(['stage.entered', 0, { order: 'SO-2', stage: 'picking' }]), {
      isTerminal: () => false,
    })
    expect(engine.eventCount).toBe(0)
    engine.apply('SO-1', 'default', inPicking, 1, hour)
    engine.apply('SO-2', 'default', other, 5, hour)
    expect(engine.eventCount).toBe(6)
    engine.apply('SO-1', 'default', inPacking, 2, hour)
    expect(engine.eventCount).toBe(7)
    engine.apply('SO-2', 'default', undefined, 10, hour)
    expect(engine.eventCount).toBe(2)
  })

  it('passes over a state that is older than the one it holds', () => {
    const engine = new LiveEngine('UTC')
    engine.apply('SO-1', 'default', inPacking, 2, hour)
    engine.apply('SO-1', 'default', inPicking, 1, hour)
    expect(wip(engine)).toEqual({ packing: 1, picking: 0 })
  })

  it('passes over a state that is older than the taking back of all events', () => {
    const engine = new LiveEngine('UTC')
    engine.apply('SO-1', 'default', undefined, 2, hour)
    engine.apply('SO-1', 'default', inPicking, 1, hour)
    expect(engine.orders.size).toBe(0)
    engine.apply('SO-1', 'default', inPacking, 4, hour)
    expect(wip(engine)).toEqual({ packing: 1, picking: 0 })
  })

  it('shows a stage that the definition does not name as long as an order has visited it', () => {
    const engine = new LiveEngine('UTC')
    engine.apply('SO-1', 'default', inPicking, 1, hour)
    expect(wip(engine)).toEqual({ picking: 1 })
    engine.apply('SO-1', 'repair', inPicking, 2, hour)
    expect(wip(engine)).toEqual({})
  })

  it('drops the limits of a stage when the process no longer contains it', () => {
    const engine = new LiveEngine('UTC')
    const name = { zh: '拣货', en: 'Picking' }
    const stage = { code: 'picking', name, targetMs: hour, warnAtRatio: 0.8, toleranceRatio: 0.1 }
    const process = { code: 'default', name, acceptsNewStages: true, goals: {} }
    engine.setProcess([{ definition: { ...process, stages: [stage] } }], 0)
    engine.apply('SO-1', 'default', inPicking, 1, 3 * hour)
    expect(engine.setProcess([{ definition: { ...process, stages: [] } }], 3 * hour)).toBe(true)
    engine.reevaluateOpenOrders(3 * hour).toArray()
    const [picking] = engine.process('default')?.stages ?? []
    expect(picking?.counts).toMatchObject({ wip: 1, overdue: 0 })
    expect(picking?.overdueBuckets.valueAt(3 * hour)).toBe(0)
    expect(engine.nextChangeAt()).toBeUndefined()
  })

  it('leaves an order between two stages in none of them when the limits change', () => {
    const name = { zh: '拣货', en: 'Picking' }
    const limited = (targetMs: number) => {
      const stages = [{ code: 'picking', name, targetMs, warnAtRatio: 0.8, toleranceRatio: 0.1 }]
      return [{ definition: { code: 'default', name, stages, acceptsNewStages: true, goals: {} } }] as const
    }
    const between = folded(['stage.entered', 0, { stage: 'picking' }], ['stage.completed', hour, { stage: 'picking' }])
    const engine = new LiveEngine('UTC')
    engine.setProcess(limited(3 * hour), 0)
    engine.apply('SO-1', 'default', between, 2, 2 * hour)
    expect(engine.setProcess(limited(hour / 2), 2 * hour)).toBe(true)
    engine.reevaluateOpenOrders(2 * hour).toArray()
    const [picking] = engine.process('default')?.stages ?? []
    expect(picking?.counts).toMatchObject({ wip: 0, overdue: 0 })
    // It was overdue from half an hour on, and left after one hour.
    expect([0.25, 0.5, 0.75, 1].map((at) => picking?.overdueBuckets.valueAt(at * hour))).toEqual([0, 1, 1, 0])
    expect(engine.ended.finished.size).toBe(1)
  })

  it('applies a version that begins later as soon as its time has come', () => {
    const name = { zh: '拣货', en: 'Picking' }
    const limited = (targetMs: number) => ({
      code: 'default',
      name,
      stages: [{ code: 'picking', name, targetMs, warnAtRatio: 0.8, toleranceRatio: 0.1 }],
      acceptsNewStages: true,
      goals: {},
    })
    const targetOf = (engine: LiveEngine) => engine.process('default')?.stage('picking')?.definition.targetMs
    const engine = new LiveEngine('UTC')
    engine.setProcess([{ definition: limited(hour) }, { validFrom: 5 * hour, definition: limited(2 * hour) }], 0)
    expect(engine.nextChangeAt()).toBe(5 * hour)
    engine.advance(5 * hour - 1)
    expect(targetOf(engine)).toBe(hour)
    engine.advance(5 * hour)
    expect([targetOf(engine), engine.nextChangeAt()]).toEqual([2 * hour, undefined])
  })

  it('holds a long order against new rules the same whatever happens to it between the steps', () => {
    const name = { zh: '拣货', en: 'Picking' }
    const history = (targetMs: number) =>
      [
        {
          definition: {
            code: 'default',
            name,
            stages: [{ code: 'picking', name, targetMs, warnAtRatio: 0.8, toleranceRatio: 0.1 }],
            acceptsNewStages: true,
            goals: {},
          },
        },
      ] as const
    const visits = 1_000
    const way = Array.from({ length: visits }, (_, i): HistoryEntry => [
      'stage.entered',
      i * hour,
      { stage: i % 2 === 0 ? 'picking' : 'packing' },
    ])
    const first = folded(...way)
    const second = folded(...way, ['stage.entered', 1.5 * hour, { stage: 'repair' }])
    const now = visits * hour
    const pictureOf = (engine: LiveEngine) =>
      (engine.process('default')?.stages ?? []).map(({ definition, counts, visitCount, overdueBuckets }) => ({
        code: definition.code,
        counts,
        visitCount,
        overdue: Array.from({ length: 20 }, (_, i) => overdueBuckets.valueAt((i * 50 + 0.75) * hour)),
      }))

    const scratch = new LiveEngine('UTC')
    scratch.setProcess(history(hour / 2), 0)
    scratch.apply('SO-1', 'default', second, visits + 1, now)
    for (const eventAfter of [1, 3, 5]) {
      const live = new LiveEngine('UTC')
      live.setProcess(history(2 * hour), 0)
      live.apply('SO-1', 'default', first, visits, now)
      expect(live.setProcess(history(hour / 2), now)).toBe(true)
      let steps = 0
      for (const _ of live.reevaluateOpenOrders(now)) {
        steps += 1
        if (steps === eventAfter) live.apply('SO-1', 'default', second, visits + 1, now)
      }
      expect(steps).toBeGreaterThan(5)
      expect(pictureOf(live)).toEqual(pictureOf(scratch))
      expect(live.ended.finished.size).toBe(scratch.ended.finished.size)
    }
  })

  it('does not change the past when an order is put on hold after its breach', () => {
    const engine = new LiveEngine('UTC')
    const name = { zh: '拣货', en: 'Picking' }
    const stage = { code: 'picking', name, targetMs: 2 * hour, warnAtRatio: 0.8, toleranceRatio: 0.1 }
    const process = { code: 'default', name, stages: [stage], acceptsNewStages: true, goals: {} }
    engine.setProcess([{ definition: process }], 0)
    const overdueAt = (hours: readonly number[]) =>
      hours.map((mark) => engine.process('default')?.stages[0]?.overdueBuckets.valueAt(mark * hour))
    const entered: HistoryEntry = ['stage.entered', 0, { stage: 'picking' }]
    engine.apply('SO-1', 'default', folded(entered), 1, 3 * hour)
    expect(overdueAt([1, 2, 3])).toEqual([0, 1, 1])

    const resumed: HistoryEntry[] = [entered, ['order.held', 3 * hour, {}], ['order.resumed', 5 * hour, {}]]
    engine.apply('SO-1', 'default', folded(...resumed), 3, 5 * hour)
    expect(overdueAt([1, 2, 3, 4, 5])).toEqual([0, 1, 1, 1, 1])

    engine.apply('SO-1', 'default', folded(...resumed, ['stage.entered', 6 * hour, { stage: 'packing' }]), 4, 6 * hour)
    expect(overdueAt([1, 2, 3, 4, 5, 6])).toEqual([0, 1, 1, 1, 1, 0])
  })

  it('corrects when an order was stalled and at risk after the visit has ended', () => {
    const engine = new LiveEngine('UTC')
    const name = { zh: '拣货', en: 'Picking' }
    const limits = { targetMs: 8 * hour, warnAtRatio: 0.5, stallAfterMs: 2 * hour }
    const stage = { code: 'picking', name, toleranceRatio: 0.1, ...limits }
    const process = { code: 'default', name, stages: [stage], acceptsNewStages: true, goals: {} }
    engine.setProcess([{ definition: process }], 0)
    const past = (state: FoldedOrder | undefined, eventCount: number) => {
      engine.apply('SO-1', 'default', state, eventCount, 6 * hour)
      const picking = engine.process('default')?.stage('picking')
      const read = (of: 'stalledBuckets' | 'atRiskBuckets') =>
        [1, 2, 3, 4, 5, 6].map((mark) => picking?.[of].valueAt(mark * hour))
      return { stalled: read('stalledBuckets'), atRisk: read('atRiskBuckets') }
    }
    const entered: HistoryEntry = ['stage.entered', 0, { stage: 'picking' }]
    const left: HistoryEntry = ['stage.entered', 5 * hour, { stage: 'packing' }]
    expect(past(folded(entered), 1)).toEqual({ stalled: [0, 1, 1, 1, 1, 1], atRisk: [0, 0, 0, 1, 1, 1] })
    expect(past(folded(entered, left), 2)).toEqual({ stalled: [0, 1, 1, 1, 0, 0], atRisk: [0, 0, 0, 1, 0, 0] })
    // A late event: work started, and a later scan.
    const started: HistoryEntry = ['stage.started', 2.5 * hour, { stage: 'picking' }]
    expect(past(folded(entered, started, left), 3)).toEqual({ stalled: [0, 1, 0, 0, 0, 0], atRisk: [0, 0, 0, 1, 0, 0] })
    const again: HistoryEntry = ['stage.entered', 1.5 * hour, { stage: 'picking' }]
    expect(past(folded(entered, again, started, left), 4).stalled).toEqual([0, 0, 0, 0, 0, 0])
    expect(past(undefined, 8)).toEqual({ stalled: [0, 0, 0, 0, 0, 0], atRisk: [0, 0, 0, 0, 0, 0] })
  })
})
