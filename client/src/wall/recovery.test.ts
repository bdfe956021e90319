import { expect, it } from 'vitest'
import { listOf, noon, smallBoard } from '../live/testing/small-board.ts'
import { recovery } from './recovery.ts'

it('counts the orders that passed their limit during the outage', () => {
  const before = smallBoard()
  const after = { ...before, overdue: listOf(['SO-1', 'SO-2', 'SO-3']) }
  // They passed their limits three, two and one minutes before noon.
  expect(recovery(before, noon - 150_000, after)).toEqual({ kind: 'new', count: 2 })
})

it('reports both counts when the list is incomplete', () => {
  const before = smallBoard()
  const overdue = { ...before.kpis.overdue, count: 70 }
  const after = { ...before, overdue: listOf(['SO-1'], 70), kpis: { ...before.kpis, overdue } }
  expect(recovery(before, noon, after)).toEqual({ kind: 'change', before: 2, after: 70 })
})
