import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { expect, it } from 'vitest'
import { lastForeignVisitEnd, visibleOrder } from './visible-order.ts'

const rules = { isTerminal: () => false }

/** The notes of an order that a department can see, by when they were added. */
function notesSeenBy(department: string, history: readonly HistoryEntry[]): number[] {
  const log = eventLog(...history)
  const state = foldOrder('SO-1', log, rules)
  if (state === undefined) throw new Error('nothing was told')
  const stored = log.map((event) => ({ ...event, recordedAt: event.occurredAt, imported: false, voided: false }))
  const seen = visibleOrder(state, stored, [department], lastForeignVisitEnd(state, [department]))
  return (seen?.events ?? []).filter(({ type }) => type === 'note.added').map(({ occurredAt }) => occurredAt)
}

const picking = { stage: 'picking', data: { concurrent: true } }
const packing = { stage: 'packing', data: { concurrent: true } }

it('a department that received an order sees what happened since the last visit of other departments ended, also with concurrent visits', () => {
  const history: HistoryEntry[] = [
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
