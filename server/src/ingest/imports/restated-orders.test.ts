import { expect, test } from 'vitest'
import type { FileEvent, FileEventData } from '../files/file-event.ts'
import { RestatedOrders } from './restated-orders.ts'

const nothing: FileEventData = {
  customer: undefined,
  customerClass: undefined,
  product: undefined,
  department: undefined,
  process: undefined,
  promisedAt: undefined,
}

function event(order: string, at: string, data: Partial<FileEventData>): FileEvent {
  const occurredAt = `2026-11-${at}T08:00:00.000Z`
  return {
    source: 'erp',
    id: `${order} ${at}`,
    type: 'stage.entered',
    order,
    stage: 'pick',
    occurredAt,
    actor: 'ann',
    sequence: 0,
    data: { ...nothing, ...data },
  }
}

function changes(...events: FileEvent[]) {
  const restated = new RestatedOrders()
  for (const one of events) restated.add(one)
  return { withoutFacts: restated.withoutFacts, changes: restated.changes(7) }
}

test('what an order is said to be now holds from its last known event on, under one identity', () => {
  const first = changes(
    event('A', '03', { customer: 'New' }),
    event('A', '01', { customer: 'Older' }),
    event('B', '02', { customer: 'B' }),
  )
  expect(first.changes).toMatchObject([
    {
      type: 'order.changed',
      order: 'A',
      source: 'erp',
      occurredAt: '2026-11-03T08:00:00.000Z',
      data: { customer: 'New' },
      sequence: 7000,
    },
    { order: 'B', occurredAt: '2026-11-02T08:00:00.000Z' },
  ])
  expect(first.changes[0]).toMatchObject({ stage: undefined, actor: undefined })
  // The same with the rows in another order.
  const again = changes(event('A', '01', { customer: 'Older' }), event('A', '03', { customer: 'New' }))
  expect(again.changes[0]?.id).toBe(first.changes[0]?.id)
  const other = changes(event('A', '03', { customer: 'Other' }))
  expect(other.changes[0]?.id).not.toBe(first.changes[0]?.id)
})

test('another actor, begin of work or process is no fact of the order', () => {
  const { changes: none, withoutFacts } = changes(
    event('A', '01', { process: 'making', startedAt: '2026-11-01T07:00:00.000Z' }),
  )
  expect({ none, withoutFacts }).toEqual({ none: [], withoutFacts: 1 })
})

test('of two events at the same instant the later one in the file counts', () => {
  const {
    changes: [change],
  } = changes(event('A', '03', { customer: 'First' }), event('A', '03', { customer: 'Second' }))
  expect(change).toMatchObject({ data: { customer: 'Second' } })
})

test('a hundred thousand orders are remembered, and rows of further ones are counted', () => {
  const restated = new RestatedOrders()
  for (let i = 0; i < 100_002; i++) restated.add(event(`O-${i}`, '03', { process: 'making' }))
  restated.add(event('O-0', '04', { customer: 'New' }))
  restated.add(event('O-100001', '04', { customer: 'New' }))
  expect(restated.omitted).toBe(3)
  expect(restated.withoutFacts).toBe(99_999)
  expect(restated.changes(1).map(({ order, occurredAt }) => [order, occurredAt])).toEqual([
    ['O-0', '2026-11-04T08:00:00.000Z'],
  ])
})
