import { describe, expect, it } from 'vitest'
import type { FoldedOrder } from '../fold-state.ts'
import type { StageVisit } from '../stage-visit.ts'
import { isWithinScope, narrowedScope, orderInScope } from './department-scope.ts'

const hourMs = 3_600_000

function visit(stage: string, enteredAt: number, leftAt: number | undefined, department?: string): StageVisit {
  return {
    stage,
    nth: 1,
    enteredAt,
    heldMs: 0,
    ...(leftAt !== undefined && { leftAt }),
    ...(department !== undefined && { department }),
  }
}

function order(visits: readonly StageVisit[], change: Partial<FoldedOrder> = {}): FoldedOrder {
  return {
    order: 'SO-1',
    status: 'open',
    attributes: { department: 'sales' },
    visits,
    placedAt: 0,
    firstAt: 0,
    reopenedCount: 0,
    lastProgressAt: 0,
    holds: [],
    complaintCount: 0,
    lastEventAt: 3 * hourMs,
    ...change,
  }
}

const way = [
  visit('approve', 0, hourMs),
  visit('pick', hourMs, 2 * hourMs, 'store'),
  visit('ship', 2 * hourMs, undefined, 'fleet'),
]

describe('an order in a scope of departments', () => {
  it('is whole where all are seen', () => {
    const whole = order(way)
    expect(orderInScope(whole, undefined)).toBe(whole)
  })

  it('is not there for those who never had it', () => {
    expect(orderInScope(order(way), ['finance'])).toBeUndefined()
  })

  it('that has gone on to others has left when it left theirs', () => {
    const seen = orderInScope(order(way, { heldSince: 2.5 * hourMs }), ['store'])
    expect(seen).toMatchObject({ status: 'cancelled', endedAt: 2 * hourMs, placedAt: hourMs, visits: [way[1]] })
    expect(seen).not.toHaveProperty('heldSince')
  })

  it('that is with them is as it is, and arrived when it came to them', () => {
    expect(orderInScope(order(way), ['fleet'])).toMatchObject({
      status: 'open',
      placedAt: 2 * hourMs,
      visits: [way[2]],
    })
  })

  it('belongs to its own department where a visit names none', () => {
    expect(orderInScope(order(way), ['sales'])).toMatchObject({ placedAt: 0, visits: [way[0]] })
  })

  it('without a visit is seen by its own department', () => {
    expect(orderInScope(order([]), ['sales'])).toBeDefined()
    expect(orderInScope(order([]), ['store'])).toBeUndefined()
  })
})

describe('a scope', () => {
  it('that is asked for is cut to the one that is allowed', () => {
    expect(narrowedScope(['a', 'b'], ['b', 'c'])).toEqual(['b'])
    expect(narrowedScope(undefined, ['b'])).toEqual(['b'])
    expect(narrowedScope(['a'], undefined)).toEqual(['a'])
    expect(narrowedScope(['a'], ['b'])).toEqual([])
  })

  it('of all departments lies in no smaller one', () => {
    expect(isWithinScope(undefined, ['a'])).toBe(false)
    expect(isWithinScope(undefined, undefined)).toBe(true)
    expect(isWithinScope(['a'], ['a', 'b'])).toBe(true)
    expect(isWithinScope(['a', 'c'], ['a', 'b'])).toBe(false)
  })
})
