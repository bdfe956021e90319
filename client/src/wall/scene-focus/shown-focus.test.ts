import { expect, it } from 'vitest'
import { listOf, noon, smallBoard } from '../../live/testing/small-board.ts'
import { shownFocus } from './shown-focus.ts'

it('a stage is shown with all details that the board contains', () => {
  const ageing = { stepMs: 300_000, limitAt: 0, bins: [{ overdue: 70 }] }
  const full = { overdue: listOf(['SO-9'], 70), upcoming: listOf([]), reasons: [{ count: 70 }], ageing }
  const board = { ...smallBoard(), overdue: listOf([]), focus: { packing: full } }
  expect(shownFocus(board, 'packing', noon)).toEqual({ ...full, isPart: false })
})

it('a stage without details on the board is shown from the lists of the site', () => {
  const shown = shownFocus(smallBoard(), 'packing', noon)
  expect(shown).toMatchObject({ isPart: true, overdue: { total: 2, order: ['SO-1', 'SO-2'] } })
  expect(shown.ageing.bins).toEqual([{ overdue: 2 }])
  expect(shownFocus(smallBoard(), 'picking', noon).overdue.order).toEqual([])
})
