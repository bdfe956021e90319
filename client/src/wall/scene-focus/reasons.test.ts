import { expect, it } from 'vitest'
import { reasonCounts } from './reasons.ts'

it('reasons are counted, the most frequent first, and a missing one is never left out', () => {
  const rows = [{ reason: 'rework' }, { reason: 'no rig' }, {}, { reason: 'no rig' }, { reason: 'customer' }]
  expect(reasonCounts(rows, 4)).toEqual([
    { reason: 'no rig', count: 2 },
    { reason: 'rework', count: 1 },
    { reason: 'customer', count: 1 },
    { reason: undefined, count: 1 },
  ])
  expect(reasonCounts(rows, 2)).toEqual([
    { reason: 'no rig', count: 2 },
    { reason: undefined, count: 1 },
  ])
  expect(reasonCounts([], 4)).toEqual([])
})
