import { expect, it } from 'vitest'
import { arrivedAt } from './fold-state.ts'
import { foldOrder } from './fold-order.ts'
import { eventLog } from './testing/event-log.ts'
import type { HistoryEntry } from './testing/event-log.ts'

const rules = { isTerminal: () => false }
const picking = { stage: 'picking', data: { concurrent: true } }
const packing = { stage: 'packing', data: { concurrent: true } }
const both: HistoryEntry[] = [
  ['stage.started', 10, picking],
  ['stage.started', 20, packing],
]

function arrivalOf(...history: readonly HistoryEntry[]): number | undefined {
  const state = foldOrder('SO-1', eventLog(...history), rules)
  return state && arrivedAt(state)
}

it('an order arrived when it was placed, else with its first stage, even after later ones have started and ended', () => {
  const packed: HistoryEntry = ['stage.completed', 30, packing]
  expect(arrivalOf(['order.placed', 5], ...both, packed)).toBe(5)
  expect(arrivalOf(...both, packed)).toBe(10)
  expect(arrivalOf(...both, packed, ['stage.completed', 40, picking])).toBe(10)
})
