import type { OrderSummary } from '@stagewatch/shared/contract/order-summary.ts'
import { describe, expect, it } from 'vitest'
import { distinctOrders, pendingUpdates, shownOrders } from './shown-orders.ts'

const summary = (order: string, more: Partial<OrderSummary> = {}): OrderSummary => ({
  order,
  process: 'default',
  status: 'open',
  overdue: true,
  atRisk: false,
  stalled: false,
  held: false,
  unclaimed: false,
  ageMs: 0,
  ...more,
})
/** Orders named by one letter each. */
const orders = (letters: string): OrderSummary[] => letters.split('').map((letter) => summary(letter))
/** The whole list, or its beginning. */
const whole = (letters: string) => ({ orders: orders(letters) })
const beginning = (letters: string) => ({ orders: orders(letters), cursor: 'next' })

describe('the rows of the list', () => {
  const names = (loaded: string, live: Parameters<typeof shownOrders>[1]) =>
    shownOrders(orders(loaded), live).map(({ order, isGone }) => `${order.order}${isGone ? ' gone' : ''}`)

  it('stay in the order in which they were loaded', () => {
    expect(names('abc', undefined)).toEqual(['a', 'b', 'c'])
    expect(names('abc', whole('cab'))).toEqual(['a', 'b', 'c'])
  })

  it('say what is known of each order now', () => {
    const live = { orders: [summary('b', { owner: 'Zoe' }), summary('a')] }
    expect(shownOrders(orders('ab'), live).map(({ order }) => order.owner)).toEqual([undefined, 'Zoe'])
  })

  it('stay when their order has gone, marked, and take in none that is new', () => {
    expect(names('abc', whole('xac'))).toEqual(['a', 'b gone', 'c'])
  })

  it('are not called gone while more orders follow than are told', () => {
    expect(names('abc', beginning('xa'))).toEqual(['a', 'b', 'c'])
  })

  it('are one for each order, though two pages had it', () => {
    const distinct = distinctOrders([orders('ab'), orders('bc')].map((page) => ({ orders: page })))
    expect(distinct.map(({ order }) => order)).toEqual(['a', 'b', 'c'])
  })
})

describe('the number of updates', () => {
  const count = (loaded: string, live: Parameters<typeof pendingUpdates>[1]) => pendingUpdates(orders(loaded), live)

  it('is none while nothing is told, and while only what rows say has changed', () => {
    expect(count('abc', undefined)).toBe(0)
    expect(count('abc', { orders: [summary('a', { owner: 'Zoe' }), summary('b'), summary('c')] })).toBe(0)
  })

  it.each([
    ['one has come', 'abc', 'abxc', 1],
    ['one has gone', 'abc', 'ac', 1],
    ['one has come and another has gone', 'abc', 'axc', 2],
    ['the last one has moved to the top', 'abcd', 'dabc', 1],
    ['two have changed places', 'abcd', 'bacd', 1],
    ['all stand the other way round', 'abcd', 'dcba', 3],
    ['the first have come', '', 'ab', 2],
    ['all have gone', 'ab', '', 2],
  ])('counts rows of the whole list: %s', (_, loaded, live, expected) => {
    expect(count(loaded, whole(live))).toBe(expected)
  })

  it.each([
    ['the same rows', 'abcd', 'abcd', 0],
    ['one that has come, which pushes the last one out', 'abcd', 'xabc', 1],
    ['one that has gone, behind which another one moves up', 'abcd', 'acde', 1],
    ['the rows that are told, of more that are shown', 'abcdefgh', 'abcd', 0],
    ['a move among the rows that are told', 'abcdefgh', 'bacd', 1],
  ])('counts, of a list that goes on, %s', (_, loaded, live, expected) => {
    expect(count(loaded, beginning(live))).toBe(expected)
  })
})
