import { expect, test } from 'vitest'
import { isReadUpward, RowDirection } from './row-direction.ts'

type Row = readonly [order: string, at: number, stage?: string]

function found(...rows: readonly Row[]) {
  const direction = new RowDirection()
  for (const [order, at, stage = 'pick'] of rows) direction.add(order, at, stage)
  return direction.found()
}

test('each order votes once, whatever the number of its rows', () => {
  expect(found(['a', 1], ['a', 2], ['a', 3], ['b', 2], ['b', 1])).toMatchObject({ orderVotes: 0 })
  expect(found(['a', 1], ['a', 2], ['a', 1], ['a', 2])).toMatchObject({ orderVotes: 1 })
  expect(found(['a', 3], ['b', 3], ['a', 2], ['b', 1])).toMatchObject({ orderVotes: -2 })
  expect(found(['a', 1], ['a', 1], ['b', 5])).toMatchObject({ orderVotes: 0 })
})

test('rows vote with the one above, of whatever order', () => {
  expect(found(['a', 1])).toMatchObject({ neighbourVotes: 0 })
  expect(found(['a', 1], ['b', 2], ['c', 2], ['d', 3])).toMatchObject({ neighbourVotes: 2 })
  expect(found(['a', 3], ['b', 2], ['c', 5])).toMatchObject({ neighbourVotes: 0 })
  expect(found(['a', 3], ['b', 2], ['c', 1])).toMatchObject({ neighbourVotes: -2 })
})

test('different stages of one instant of an order are a pair', () => {
  const pairs = (...rows: readonly Row[]) => found(...rows).pairs
  expect(pairs(['a', 1, 'pick'], ['a', 1, 'pack'], ['b', 1, 'ship'], ['a', 1, 'pack'])).toEqual([
    { above: 'pick', below: 'pack', count: 1 },
  ])
  expect(pairs(['a', 1, 'pick'], ['b', 1, 'pick'], ['a', 1, 'pack'], ['b', 1, 'pack'])).toEqual([
    { above: 'pick', below: 'pack', count: 2 },
  ])
  expect(pairs(['a', 1, 'pick'], ['a', 2, 'pack'], ['a', 2, 'ship'])).toEqual([
    { above: 'pack', below: 'ship', count: 1 },
  ])
})

test('pairs beyond ten thousand are not kept, and those that are still count', () => {
  const direction = new RowDirection()
  for (let i = 0; i <= 10_001; i++) direction.add('a', 1, `stage ${i}`)
  for (const stage of ['stage 0', 'stage 1']) direction.add('a', 1, stage)
  const { pairs } = direction.found()
  expect(pairs).toHaveLength(10_000)
  expect(pairs[0]).toEqual({ above: 'stage 0', below: 'stage 1', count: 2 })
})

test('orders that are no longer remembered have voted', () => {
  const direction = new RowDirection()
  for (let i = 0; i < 250_000; i++) {
    direction.add(`SO-${i}`, 2, 'pick')
    direction.add(`SO-${i}`, 1, 'pack')
  }
  expect(direction.found().orderVotes).toBe(-250_000)
})

test('orders decide, then the stages of one instant, then rows of different orders', () => {
  const stages = ['pick', 'pack']
  const up = { above: 'pack', below: 'pick', count: 2 }
  const down = { above: 'pick', below: 'pack', count: 1 }
  expect(isReadUpward({ orderVotes: -1, neighbourVotes: 9, pairs: [down] }, stages)).toBe(true)
  expect(isReadUpward({ orderVotes: 1, neighbourVotes: -9, pairs: [up] }, stages)).toBe(false)
  expect(isReadUpward({ orderVotes: 0, neighbourVotes: 9, pairs: [up, down] }, stages)).toBe(true)
  expect(isReadUpward({ orderVotes: 0, neighbourVotes: -9, pairs: [down, { ...up, count: 0 }] }, stages)).toBe(false)
  expect(isReadUpward({ orderVotes: 0, neighbourVotes: -1, pairs: [up, { ...down, count: 2 }] }, stages)).toBe(true)
  expect(isReadUpward({ orderVotes: 0, neighbourVotes: 0, pairs: [] }, stages)).toBe(false)
  // A stage that the process lacks comes after all of its own, and tells nothing beside another one.
  expect(isReadUpward({ orderVotes: 0, neighbourVotes: 1, pairs: [{ ...up, above: 'ship' }] }, stages)).toBe(true)
  expect(isReadUpward({ orderVotes: 0, neighbourVotes: 1, pairs: [up] }, [])).toBe(false)
})
