import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { LiveEngine } from './live-engine.ts'

const hour = 3_600_000
const name = { zh: '拣货', en: 'Picking' }
const picking = { code: 'picking', name, targetMs: hour, warnAtRatio: 0.5, toleranceRatio: 0.1, stallAfterMs: 3 * hour }

let engine: LiveEngine
let edges: string[]

function apply(eventCount: number, now: number, ...history: HistoryEntry[]): void {
  engine.apply('SO-1', 'default', foldOrder('SO-1', eventLog(...history), { isTerminal: () => false }), eventCount, now)
}

function setTarget(targetMs: number, now: number): void {
  const process = { code: 'default', name, acceptsNewStages: true, goals: {}, stages: [{ ...picking, targetMs }] }
  engine.setProcess([{ definition: process }], now)
  engine.reevaluateOpenOrders(now).toArray()
}

beforeEach(() => {
  engine = new LiveEngine('UTC')
  edges = []
  setTarget(hour, 0)
  engine.reportEdgesTo((reported) => {
    for (const { order, process, stage, nth, condition, change, at } of reported)
      edges.push(`${order} ${process}/${stage}/${nth} ${condition} ${change} ${at / hour}`)
  })
})

const entered: HistoryEntry = ['stage.entered', 0, { stage: 'picking' }]

describe('the changes of status that the engine tells of', () => {
  it('come with the instants that were due when time alone has done it, also if it is noticed late', () => {
    apply(1, 0, entered)
    expect(edges).toEqual([])
    engine.advance(0.5 * hour)
    engine.advance(2 * hour)
    engine.advance(4 * hour)
    expect(edges).toEqual([
      'SO-1 default/picking/1 atRisk began 0.5',
      'SO-1 default/picking/1 overdue began 1',
      'SO-1 default/picking/1 atRisk ended 1',
      'SO-1 default/picking/1 stalled began 3',
    ])
  })

  it('end with the visit, and start again with the next visit to the same stage', () => {
    const back: HistoryEntry[] = [entered, ['stage.entered', 2 * hour, { stage: 'packing' }]]
    apply(1, 2 * hour, entered)
    apply(2, 2 * hour, ...back)
    apply(3, 5 * hour, ...back, ['stage.entered', 3 * hour, { stage: 'picking' }])
    expect(edges).toEqual([
      'SO-1 default/picking/1 overdue began 1',
      'SO-1 default/picking/1 overdue ended 2',
      'SO-1 default/picking/2 overdue began 4',
    ])
  })

  it('end and start again when the order has left the stage and come back before anybody noticed', () => {
    apply(1, 2 * hour, entered)
    apply(
      3,
      5 * hour,
      entered,
      ['stage.entered', 2 * hour, { stage: 'packing' }],
      ['stage.entered', 3 * hour, { stage: 'picking' }],
    )
    expect(edges).toEqual([
      'SO-1 default/picking/1 overdue began 1',
      'SO-1 default/picking/1 overdue ended 5',
      'SO-1 default/picking/2 overdue began 4',
    ])
  })

  it('follow from rules that change, and not from an event that changes nothing', () => {
    apply(1, 2 * hour, entered)
    apply(2, 2 * hour, entered, ['note.added', 2 * hour, { data: { text: 'seen' } }])
    setTarget(10 * hour, 2 * hour)
    expect(edges).toEqual(['SO-1 default/picking/1 overdue began 1', 'SO-1 default/picking/1 overdue ended 2'])
  })

  it('end when every event of the order is taken back', () => {
    apply(1, 2 * hour, entered)
    engine.apply('SO-1', 'default', undefined, 2, 3 * hour)
    expect(edges.at(-1)).toBe('SO-1 default/picking/1 overdue ended 3')
  })
})
