import type { EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { eventTypes } from '@stagewatch/shared/domain/order-event.ts'
import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import { expect, test } from 'vitest'
import { csvRows } from './events-csv.ts'
import { ExportCounts } from './export-summary.ts'

function event(id: string, type: EventType, more: Partial<OrderEvent> = {}): OrderEvent {
  return { source: 'wms', id, type, order: 'SO-1', occurredAt: Date.UTC(2026, 0, 2), data: {}, ...more }
}

function rowsOf(events: readonly OrderEvent[], voided: readonly string[] = []) {
  const counts = new ExportCounts()
  const identities = new Set(voided.map((id) => eventIdentity('wms', id)))
  const rows = csvRows(events, identities, counts).split('\r\n').slice(0, -1)
  return { rows, ...counts.summary('csv') }
}

test('a row has what an import of CSV reads', () => {
  const data = {
    customer: 'Ø "A", B',
    promisedAt: Date.UTC(2026, 1, 1),
    startedAt: Date.UTC(2026, 0, 1),
    waybill: '=1',
  }
  expect(rowsOf([event('1', 'stage.completed', { stage: 'pick', actor: 'li', data })]).rows).toEqual([
    'SO-1,pick,2026-01-02T00:00:00.000Z,stage.completed,wms/1,wms,li,,"Ø ""A"", B",,,2026-02-01T00:00:00.000Z,\'=1,2026-01-01T00:00:00.000Z',
  ])
})

test('ids stay different when the events of all sources become those of one', () => {
  const ids = [
    event('b/c', 'order.placed', { source: 'a' }),
    event('c', 'order.placed', { source: 'a/b' }),
    event('x'.repeat(200), 'order.placed', { source: 's'.repeat(100) }),
    event(`${'x'.repeat(199)}y`, 'order.placed', { source: 's'.repeat(100) }),
  ]
  const written = rowsOf(ids).rows.map((row) => row.split(',')[4] ?? '')
  expect(new Set(written).size).toBe(ids.length)
  expect(Math.max(...written.map(({ length }) => length))).toBeLessThanOrEqual(200)
})

test('what a row would say differently is left out and counted by cause', () => {
  const { rows, written, leftOut } = rowsOf(
    [
      event('note', 'note.added'),
      event('gone', 'stage.entered', { stage: 'pick' }),
      event('void', 'event.voided', { data: { source: 'wms', id: 'gone' } }),
      event('both', 'stage.entered', { stage: 'pick', data: { concurrent: true } }),
      event('until', 'order.held', { data: { until: Date.UTC(2026, 0, 3) } }),
      event('changed', 'order.held', { data: { changesHold: true } }),
      event('held', 'order.held'),
    ],
    ['gone'],
  )
  expect([rows.length, written]).toEqual([1, 1])
  expect(leftOut).toEqual({ notes: 1, voided: 1, voids: 1, concurrent: 1, hold_ends: 2 })
})

test('every type is written or counted', () => {
  const { written, leftOut } = rowsOf(eventTypes.map((type) => event(type, type, { stage: 'pick' })))
  const left = Object.values(leftOut).reduce((sum, count) => sum + count, 0)
  expect(written + left).toBe(eventTypes.length)
})

test('values without a column are counted by field, of which only some are listed', () => {
  const data = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`field ${i} ${'x'.repeat(100)}`, i]))
  const { lostFields } = rowsOf([event('1', 'order.placed', { data })])
  expect(Object.keys(lostFields).length).toBe(21)
  expect(lostFields['others']).toBe(10)
  expect(Math.max(...Object.keys(lostFields).map(({ length }) => length))).toBeLessThanOrEqual(40)
})
