import { expect, test } from 'vitest'
import { stageState, stageStates } from './stage-state.ts'

const nothing = { unknown: false, onHold: false, stalled: false, overdue: false, atRisk: false }

test('an order of which nothing holds is on track', () => {
  expect(stageState(nothing)).toBe('onTrack')
})

test('of everything that holds the first in the order of precedence is drawn', () => {
  const seen = { ...nothing, atRisk: true }
  expect(stageState(seen)).toBe('atRisk')
  expect(stageState({ ...seen, overdue: true })).toBe('overdue')
  expect(stageState({ ...seen, overdue: true, stalled: true })).toBe('stalled')
  expect(stageState({ ...seen, overdue: true, stalled: true, onHold: true })).toBe('onHold')
  expect(stageState({ unknown: true, onHold: true, stalled: true, overdue: true, atRisk: true })).toBe('unknown')
})

test('every state but the last has a fact', () => {
  expect(stageStates.slice(0, -1)).toEqual(Object.keys(nothing))
})
