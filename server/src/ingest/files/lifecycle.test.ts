import { expect, test } from 'vitest'
import { transitionOf } from './lifecycle.ts'

test.for([
  ['schedule', 'stage.entered'],
  ['Re-Assign', 'stage.entered'],
  ['start', 'stage.started'],
  ['BEGIN', 'stage.started'],
  [' complete ', 'stage.completed'],
  ['end', 'stage.completed'],
  ['suspended', 'order.held'],
  ['resume', 'order.resumed'],
  ['pi_abort', 'order.cancelled'],
  ['abort case', 'order.cancelled'],
] as const)('the transition %s is the event %s', ([text, type]) => {
  expect(transitionOf(text)).toEqual({ type })
})

test.for(['withdraw', 'autoskip', 'manual_skip', 'ate_abort', 'abort-activity'])('%s abandons the activity', (text) => {
  expect(transitionOf(text)).toEqual({ type: 'stage.completed', isAbandoned: true })
})

test.for(['', 'unknown', 'started at', 'constructor', 'toString'])('%j is no transition', (text) => {
  expect(transitionOf(text)).toBeUndefined()
})
