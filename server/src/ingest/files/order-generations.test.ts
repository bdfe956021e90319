import { expect, test } from 'vitest'
import { OrderGenerations, renamedRow } from './order-generations.ts'

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

test('an order is another one from exactly the given time after the last event on', () => {
  const names = (...days: readonly number[]) => {
    const found = generations([], ...days.map((day) => ['placed', day] as const))
    found.settle()
    return [days.map((day) => found.nameOf('1', day * dayMs)), found.again] as const
  }
  expect(names(0, 180)).toEqual([['1', '1#2'], 1])
  expect(names(180, 0)).toEqual([['1#2', '1'], 1])
  expect(names(0, 180 - 1 / 24)).toEqual([['1', '1'], 0])
  expect(names(180 - 1 / 24, 0)).toEqual([['1', '1'], 0])
  // A row in between joins two that were apart.
  expect(names(0, 200, 100)).toEqual([['1', '1', '1'], 0])
})

test('whether an order has ended is said by its last stage', () => {
  const names = (...rows: (readonly [stage: string, day: number])[]) => {
    const found = generations(['delivered'], ...rows)
    found.settle()
    return rows.map(([, day]) => found.nameOf('1', day * dayMs))
  }
  expect(names(['delivered', 100], ['placed', 0], ['placed', 400])).toEqual(['1', '1', '1#2'])
  expect(names(['placed', 100], ['delivered', 0], ['placed', 400])).toEqual(['1', '1', '1'])
  expect(names(['placed', 100], ['delivered', 100], ['placed', 400])).toEqual(['1', '1', '1#2'])
  // Two that did not end are one, which has not ended either, and a third begins only after its end.
  expect(names(['placed', 0], ['packed', 300], ['placed', 600], ['delivered', 900], ['placed', 1200])).toEqual([
    '1',
    '1',
    '1',
    '1',
    '1#2',
  ])
})

test('an order that the site knows to have ended needs no last stage', () => {
  const names = (hasEnded: boolean) => {
    const found = generations(['delivered'], ['placed', 400])
    found.know('1', 1, { firstAt: 0, lastAt: 100 * dayMs, hasEnded })
    found.know('2', 1, { firstAt: 0, lastAt: 100 * dayMs, hasEnded })
    found.settle()
    return [found.nameOf('1', 400 * dayMs), found.nameOf('2', 400 * dayMs), found.orders, found.again]
  }
  expect(names(true)).toEqual(['1#2', '2', ['1', '2'], 1])
  expect(names(false)).toEqual(['1', '2', ['1', '2'], 0])
})

test('free numbers are given to orders that the site does not know', () => {
  const found = generations([], ['placed', 0], ['placed', 400], ['placed', 800])
  found.know('1', 2, { firstAt: 400 * dayMs, lastAt: 410 * dayMs, hasEnded: true })
  found.settle()
  expect([0, 400, 410, 411, 800].map((day) => found.nameOf('1', day * dayMs))).toEqual(['1', '1#2', '1#2', '1', '1#3'])
})

test('a row gets the name of its order', () => {
  const found = generations([], ['placed', 0], ['placed', 400])
  found.settle()
  const row = { row: 1, type: 'stage.entered', order: '1', stage: 'placed', occurredAt: 400 * dayMs } as const
  const facts = { actor: undefined, eventId: undefined, startedAt: undefined, startIgnored: false }
  expect(renamedRow({ ...row, ...facts }, found)).toEqual({ ...row, ...facts, order: '1#2' })
  expect(renamedRow({ ...row, ...facts, occurredAt: 0 }, found).order).toBe('1')
  expect(renamedRow({ ...row, ...facts }, undefined).order).toBe('1')
})
