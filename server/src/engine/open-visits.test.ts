import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { alwaysOpen } from '@stagewatch/shared/domain/time/always-open.ts'
import { expect, it } from 'vitest'
import { shipping } from '../boards/testing/board-of.ts'
import { LiveEngine } from './live-engine.ts'
import { spansOf, visitBits } from './open-visits.ts'

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

it('each condition of a visit has a bit of its own, and so has its owner, however many visits there are', () => {
  const hour = 60 * minute
  const stage = { name: { zh: '', en: '' }, toleranceRatio: 0.1, warnAtRatio: 0.5 }
  const stages = [
    { ...stage, code: 'late', targetMs: hour },
    { ...stage, code: 'soon', targetMs: 4 * hour },
    { ...stage, code: 'still', stallAfterMs: hour },
    { ...stage, code: 'free' },
  ]
  const engine = new LiveEngine('UTC')
  engine.setProcess([{ definition: { ...shipping, stages } }], 0)
  const apply = (order: string, code: string, actor?: string): void => {
    const entered = { order, stage: code, ...(actor !== undefined && { actor }) }
    const state = foldOrder(order, eventLog(['stage.entered', 0, entered]), { isTerminal: () => false })
    engine.apply(order, 'default', state, 1, 3 * hour)
  }
  for (const { code } of stages) apply(code, code)
  apply('owned', 'free', 'Li')
  for (let i = 0; i < 2_000; i++) apply(`many-${i}`, 'free')
  apply('last', 'still', 'Li')
  const { bits } = engine.open
  const found = new Map(
    [...engine.open.entries()].map(([slot, { state }]) => {
      return [
        state.order,
        Object.entries(visitBits).flatMap(([bit, value]) => ((bits[slot]! & value) === 0 ? [] : bit)),
      ]
    }),
  )
  expect(['late', 'soon', 'still', 'free', 'owned', 'many-1999', 'last'].map((order) => found.get(order))).toEqual([
    ['overdue'],
    ['atRisk'],
    ['stalled'],
    [],
    ['owned'],
    [],
    ['stalled', 'owned'],
  ])
})
