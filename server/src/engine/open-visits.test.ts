import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { alwaysOpen } from '@stagewatch/shared/domain/time/always-open.ts'
import { expect, it } from 'vitest'
import { shipping } from '../boards/testing/board-of.ts'
import { LiveEngine } from './live-engine.ts'
import { spansOf } from './open-visits.ts'

const now = Date.parse('2026-11-23T18:00:00+08:00')
const minute = 60_000

it('an order that changes while a walk over the open visits pauses is met once', () => {
  const engine = new LiveEngine('Asia/Shanghai')
  engine.setProcess([{ definition: shipping }], now)
  const apply = (order: string, ...history: HistoryEntry[]): void => {
    const events = eventLog(...history).map((event) => ({ ...event, order }))
    const state = foldOrder(order, events, { isTerminal: (stage) => stage === 'shipped' })
    engine.apply(order, 'default', state, history.length, now)
  }
  const entered: HistoryEntry = ['stage.entered', now - 9 * minute, { stage: 'picking' }]
  for (const order of ['a', 'b', 'c']) apply(order, entered)
  const met: string[] = []
  for (const { state } of engine.open) {
    met.push(state.order)
    // The visited one takes the slot that the next one frees, and vice versa.
    if (met.length !== 1) continue
    apply('b', entered, ['stage.entered', now - minute, { stage: 'shipped' }])
    apply('a', entered, ['stage.entered', now - minute, { stage: 'packing' }])
    apply('d', entered)
  }
  expect(met).toEqual(['a', 'b', 'c'])
  expect([...engine.open].map(({ state }) => state.order).toSorted()).toEqual(['a', 'c', 'd'])
})

it('a visit with a target only is at risk for a while, and one with a stall limit only is stalled', () => {
  const entered: HistoryEntry = ['stage.entered', 0, { stage: 'picking' }]
  const state = foldOrder('SO-1', eventLog(entered), { isTerminal: () => false })!
  const [visit] = state.visits
  const limits = { calendar: alwaysOpen, warnAtRatio: 0.5 }
  const spans = (own: { readonly targetMs?: number; readonly stallAfterMs?: number }, at: number) =>
    spansOf(state, visit!, { ...limits, ...own }, at)
  expect(spans({ targetMs: 100 }, 49)).toEqual({ stalled: [] })
  expect(spans({ targetMs: 100 }, 50)).toEqual({ atRisk: { from: 50, to: 100 }, stalled: [] })
  expect(spans({ stallAfterMs: 30 }, 29)).toEqual({ stalled: [] })
  expect(spans({ stallAfterMs: 30 }, 30)).toEqual({ stalled: [{ from: 30, to: Infinity }] })
  expect(spans({}, 1_000)).toEqual({ stalled: [] })
})
