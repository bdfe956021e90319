import { expect, test } from 'vitest'
import { RecentOrders } from './recent-orders.ts'

function recent(kept: number) {
  const forgotten: number[] = []
  const orders = new RecentOrders<number>(kept, (noted) => forgotten.push(noted))
  return { orders, forgotten }
}

test('as many orders as are kept, and as many again, are remembered', () => {
  const { orders, forgotten } = recent(3)
  for (let i = 1; i <= 6; i++) orders.set(`SO-${i}`, i)
  expect(forgotten).toEqual([])
  expect([...orders.values()]).toEqual([1, 2, 3, 4, 5, 6])
  orders.set('SO-7', 7)
  expect(forgotten).toEqual([1, 2, 3])
  expect([...orders.values()]).toEqual([4, 5, 6, 7])
  expect([orders.get('SO-3'), orders.get('SO-4'), orders.get('SO-7')]).toEqual([undefined, 4, 7])
})

test('an order that is used stays', () => {
  const { orders, forgotten } = recent(2)
  orders.set('SO-1', 1)
  for (let i = 2; i <= 9; i++) {
    expect(orders.get('SO-1')).toBe(1)
    orders.set(`SO-${i}`, i)
  }
  expect(forgotten).not.toContain(1)
  expect([...orders.values()].filter((noted) => noted === 1)).toEqual([1])
})

test('an order that is noted again forgets nothing', () => {
  const { orders, forgotten } = recent(2)
  for (const order of ['a', 'b', 'a', 'b', 'a']) orders.set(order, 1)
  expect([[...orders.values()], forgotten]).toEqual([[1, 1], []])
})
