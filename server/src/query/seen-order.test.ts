import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { Told } from '@stagewatch/shared/domain/testing/event-log.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { expect, it } from 'vitest'
import { othersUntil, seenOrder } from './seen-order.ts'

const rules = { isTerminal: () => false }

/** The notes that a department sees of an order, by when they were added. */
function notesSeenBy(department: string, history: readonly Told[]): number[] {
  const log = eventLog(...history)
  const state = foldOrder('SO-1', log, rules)
  if (state === undefined) throw new Error('nothing was told')
  const stored = log.map((event) => ({ ...event, recordedAt: event.occurredAt, imported: false, voided: false }))
  const seen = seenOrder(state, stored, [department], othersUntil(state, [department]))
  return (seen?.events ?? []).filter(({ type }) => type === 'note.added').map(({ occurredAt }) => occurredAt)
}

const picking = { stage: 'picking', data: { concurrent: true } }
const packing = { stage: 'packing', data: { concurrent: true } }

it('a department that got an order sees what happened since the last stage of others ended, also where several went on', () => {
  const history: Told[] = [
    ['order.placed', 0, { data: { department: 'fleet' } }],
    ['stage.started', 10, picking],
    ['stage.started', 20, packing],
    ['stage.completed', 30, packing],
    ['note.added', 35],
    ['stage.completed', 40, picking],
    ['order.changed', 50, { data: { department: 'store' } }],
    ['note.added', 55],
  ]
  expect(notesSeenBy('store', history)).toEqual([55])
  expect(notesSeenBy('fleet', history)).toEqual([35])
})
