import { expect, test } from 'vitest'
import type { EventRow } from './event-row.ts'
import { OrderSample } from './order-sample.ts'

const row = (order: string, more: Partial<EventRow> = {}): EventRow => ({
  row: 1,
  type: 'stage.entered',
  order,
  stage: 'pick',
  occurredAt: 5,
  actor: undefined,
  eventId: undefined,
  startedAt: undefined,
  startIgnored: false,
  ...more,
})

/** How many events of each order are sampled. */
function sampled(limits: { orders: number; events: number }, ...orders: readonly string[]): string {
  const sample = new OrderSample(limits)
  for (const order of orders) sample.add(row(order), 'pick')
  return [...sample.orders].map(([order, events]) => `${order}${events.length}`).join(' ')
}

test('the first orders are sampled, with all of their events', () => {
  expect(sampled({ orders: 2, events: 9 }, 'A', 'B', 'C', 'A', 'C', 'B', 'B')).toBe('A2 B3')
  expect(sampled({ orders: 1, events: 9 }, 'A', 'B', 'A')).toBe('A2')
})

test('no more events are sampled than allowed', () => {
  expect(sampled({ orders: 9, events: 3 }, 'A', 'B', 'A', 'A', 'C')).toBe('A2 B1')
})

test('an activity that may overlap has its data, other events have none', () => {
  const sample = new OrderSample()
  sample.add(row('A', { enteredAt: 3, instance: '7', abandoned: true }), 'pick')
  sample.add(
    row('A', { type: 'stage.completed', concurrent: true, enteredAt: 3, instance: '7', abandoned: true }),
    'pick',
  )
  sample.add(row('A', { concurrent: true, occurredAt: 6 }), 'pack')
  expect(sample.orders.get('A')).toEqual([
    { type: 'stage.entered', stage: 'pick', occurredAt: 5, data: {} },
    {
      type: 'stage.completed',
      stage: 'pick',
      occurredAt: 5,
      data: { concurrent: true, enteredAt: 3, startedAt: 3, instance: '7', abandoned: true },
    },
    { type: 'stage.entered', stage: 'pack', occurredAt: 6, data: { concurrent: true } },
  ])
})
