import { expect, test } from 'vitest'
import { ReusedOrders } from './reused-orders.ts'

const dayMs = 86_400_000

function found(...rows: (readonly [order: string, stage: string, day: number])[]) {
  const orders = new ReusedOrders()
  for (const [order, stage, day] of rows) orders.add(order, stage, day * dayMs)
  return { count: orders.count, first: orders.first }
}

test('an order that begins again half a year later is found, one that goes on is not', () => {
  const way = [
    ['1', 'placed', 0],
    ['1', 'delivered', 10],
    ['1', 'placed', 400],
    ['1', 'delivered', 410],
  ] as const
  expect(found(...way)).toEqual({ count: 1, first: [{ order: '1', days: 390 }] })
  expect(found(...way.toReversed())).toEqual({ count: 1, first: [{ order: '1', days: 390 }] })
  expect(found(['1', 'placed', 0], ['1', 'shipped', 10], ['1', 'delivered', 300]).count).toBe(0)
  expect(found(['1', 'placed', 0], ['1', 'delivered', 10], ['1', 'placed', 100]).count).toBe(0)
  expect(found(['1', 'placed', 0], ['2', 'placed', 400]).count).toBe(0)
})
