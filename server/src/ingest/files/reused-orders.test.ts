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

test('half a year is 180 days, in whichever direction the file goes', () => {
  const begin = ['1', 'placed', 0] as const
  expect(found(begin, ['1', 'placed', 180]).first).toEqual([{ order: '1', days: 180 }])
  expect(found(begin, ['1', 'placed', 180 - 1 / 24]).count).toBe(0)
  expect(found(begin, ['1', 'placed', 200.9]).first).toEqual([{ order: '1', days: 200 }])
  // In a file that is sorted newest first, the row above is the one that the order began again with.
  expect(found(['1', 'placed', 400], ['1', 'delivered', 220]).count).toBe(1)
  expect(found(['1', 'placed', 400], ['1', 'placed', 0]).count).toBe(0)
})

test('the gap is since the last event of the order, and each new beginning counts', () => {
  const rows = [0, 100, 200, 300, 500, 800, 801].map((day) => ['1', 'placed', day] as const)
  expect(found(...rows)).toEqual({
    count: 2,
    first: [
      { order: '1', days: 200 },
      { order: '1', days: 300 },
    ],
  })
})

test('three orders are shown, and all are counted', () => {
  const rows = ['1', '2', '3', '4'].flatMap((order) => [[order, 'placed', 0] as const, [order, 'placed', 200] as const])
  const { count, first } = found(...rows)
  expect([count, first.map(({ order }) => order)]).toEqual([4, ['1', '2', '3']])
})
