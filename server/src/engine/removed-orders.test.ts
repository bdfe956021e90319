import { expect, it } from 'vitest'
import { RemovedOrders } from './removed-orders.ts'

it('an order that has gone is remembered with its events, until ten thousand others have gone after it', () => {
  const gone = new RemovedOrders()
  gone.add('first', 3)
  gone.add('again', 1)
  for (let i = 0; i < 9_998; i++) gone.add(`order-${i}`, 1)
  gone.add('again', 2)
  expect([gone.size, gone.eventCount('first'), gone.eventCount('again'), gone.eventCount('never')]).toEqual([
    10_000, 3, 2, 0,
  ])
  gone.add('one more', 1)
  expect([gone.size, gone.eventCount('first'), gone.eventCount('again')]).toEqual([10_000, 0, 2])
  gone.delete('again')
  expect([gone.size, gone.eventCount('again')]).toEqual([9_999, 0])
})
