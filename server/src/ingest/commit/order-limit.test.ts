import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { expect, it } from 'vitest'
import { maxOrderEvents, surplusEvents } from './order-limit.ts'

function events(order: string, count: number): OrderEvent[] {
  return Array.from({ length: count }, (_, i) => ({
    source: 'test',
    id: `${order}-${i}`,
    type: 'note.added',
    order,
    occurredAt: i,
    data: {},
  }))
}

it('an order takes as many events as it may have, those that it had included, and no other order suffers', () => {
  const row = { order: 'full', eventCount: maxOrderEvents - 2, process: 'default', archiveId: null }
  const surplus = surplusEvents([...events('full', 4), ...events('other', 4)], new Map([['full', row]]))
  expect([...surplus.keys()]).toEqual(['test\nfull-2', 'test\nfull-3'])
  expect(surplus.get('test\nfull-2')).toMatchObject({ code: 'order_full', field: 'order' })
})

it('what takes events back is taken from an order that is full', () => {
  const row = { order: 'full', eventCount: maxOrderEvents, process: 'default', archiveId: null }
  const voids = events('full', 3).map((event) => ({ ...event, type: 'event.voided' as const }))
  expect(surplusEvents(voids, new Map([['full', row]])).size).toBe(0)
  const crowded = { ...row, eventCount: 3 * maxOrderEvents - 1 }
  expect([...surplusEvents(voids, new Map([['full', crowded]])).keys()]).toEqual(['test\nfull-1', 'test\nfull-2'])
})

it('an order that is new takes no more than that either', () => {
  expect(surplusEvents(events('new', maxOrderEvents + 1), new Map()).size).toBe(1)
})
