import { expect, test } from 'vitest'
import { OrderGenerations } from './order-generations.ts'

const dayMs = 86_400_000

function generations(terminal: readonly string[], ...rows: (readonly [stage: string, day: number])[]) {
  const found = new OrderGenerations(180 * dayMs, new Set(terminal))
  for (const [stage, day] of rows) found.add('1', stage, day * dayMs)
  return found
}

const way = [
  ['placed', 0],
  ['delivered', 100],
  ['placed', 400],
  ['delivered', 500],
  ['placed', 900],
] as const

test('an order that comes again long after its end is another, whatever the order of the rows', () => {
  for (const rows of [way, way.toReversed(), [way[3], way[0], way[4], way[2], way[1]] as const]) {
    const found = generations([], ...rows)
    found.settle()
    expect([0, 100, 400, 500, 900].map((day) => found.nameOf('1', day * dayMs))).toEqual([
      '1',
      '1',
      '1#2',
      '1#2',
      '1#3',
    ])
    expect(found.again).toBe(2)
  }
})

test('an order that has not ended goes on, however long it rests', () => {
  const found = generations(['delivered'], ['placed', 0], ['delivered', 400], ['placed', 700])
  found.settle()
  expect([0, 400, 700].map((day) => found.nameOf('1', day * dayMs))).toEqual(['1', '1', '1#2'])
})

test('a later file goes on with the numbers that the site knows', () => {
  const found = generations([], ['placed', 900], ['packed', 950])
  found.know('1', 1, { firstAt: 0, lastAt: 100 * dayMs, hasEnded: true })
  found.know('1', 2, { firstAt: 400 * dayMs, lastAt: 500 * dayMs, hasEnded: true })
  found.settle()
  expect(found.nameOf('1', 950 * dayMs)).toBe('1#3')
  const again = generations([], ...way)
  again.know('1', 1, { firstAt: 0, lastAt: 100 * dayMs, hasEnded: true })
  again.know('1', 2, { firstAt: 400 * dayMs, lastAt: 500 * dayMs, hasEnded: false })
  again.settle()
  expect([0, 500, 900].map((day) => again.nameOf('1', day * dayMs))).toEqual(['1', '1#2', '1#3'])
})
