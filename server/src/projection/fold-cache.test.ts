import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import { FoldCache } from './fold-cache.ts'

const [placed] = eventLog(['order.placed', 0])
const state = foldOrder('SO-1', [placed], { isTerminal: () => false })!
const fold = { eventCount: 1, process: 'default', state }

function filled(...orders: string[]): FoldCache {
  const cache = new FoldCache({ orders: 3, visits: 100 })
  for (const order of orders) cache.set(order, fold)
  return cache
}

describe('fold cache', () => {
  it('evicts the order that was used least recently', () => {
    const cache = filled('a', 'b', 'c')
    cache.get('a')
    cache.set('b', { ...fold, eventCount: 2 })
    cache.set('d', fold)
    expect(['a', 'b', 'c', 'd'].map((order) => cache.get(order)?.eventCount)).toEqual([1, 2, undefined, 1])
  })

  it('evicts orders when their visits fill it, however few orders there are', () => {
    const visit = { stage: 'picking', nth: 1, enteredAt: 0, heldMs: 0 }
    const long = (visits: number) => ({
      ...fold,
      state: { ...state, visits: Array.from({ length: visits }, () => visit) },
    })
    const cache = new FoldCache({ orders: 3, visits: 10 })
    cache.set('a', long(6))
    cache.set('b', long(4))
    expect(cache.usage).toMatchObject({ folds: { size: 2 }, fold_visits: { size: 10 } })
    cache.set('b', long(5))
    expect([cache.get('a'), cache.get('b')?.state.visits.length]).toEqual([undefined, 5])
    cache.delete('b')
    expect(cache.usage).toEqual({ folds: { size: 0, limit: 3 }, fold_visits: { size: 0, limit: 10 } })
  })

  it('deletes an order on request', () => {
    const cache = filled('a', 'b')
    cache.delete('a')
    expect([cache.get('a'), cache.get('b')]).toEqual([undefined, fold])
  })

  it('drops orders that were folded by other rules', () => {
    const cache = filled('a')
    cache.foldedBy(1).set('b', fold)
    expect([cache.get('a'), cache.foldedBy(1).get('b')]).toEqual([undefined, fold])
    expect(cache.foldedBy(2).get('b')).toBeUndefined()
    expect(cache.usage).toMatchObject({ folds: { size: 0 }, fold_visits: { size: 0 } })
  })

  it('has the orders that were written, except those of which no event counts any more', () => {
    const cache = filled('a', 'b')
    const written = { process: 'repair', savedEventCount: 1, savedVisits: [] }
    cache.keep([
      { ...written, order: 'a', eventCount: 4, state: undefined },
      { ...written, order: 'c', eventCount: 2, state },
    ])
    expect(cache.get('a')).toBeUndefined()
    expect(cache.get('b')).toEqual(fold)
    expect(cache.get('c')).toEqual({ eventCount: 2, process: 'repair', state })
  })
})
