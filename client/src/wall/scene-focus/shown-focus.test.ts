import { expect, it } from 'vitest'
import { listOf, noon, smallBoard } from '../../live/testing/small-board.ts'
import { shownFocus } from './shown-focus.ts'

it('a stage is shown as the board tells it in full', () => {
  const ageing = { stepMs: 300_000, limitAt: 0, bins: [{ overdue: 70 }] }
  const full = { overdue: listOf(['SO-9'], 70), upcoming: listOf([]), reasons: [{ count: 70 }], ageing }
  const board = { ...smallBoard(), overdue: listOf([]), focus: { packing: full } }
  expect(shownFocus(board, 'packing', noon)).toEqual({ ...full, isPart: false })
})

it('a stage that the board does not tell in full is shown by the lists of the site', () => {
  const shown = shownFocus(smallBoard(), 'packing', noon)
  expect(shown).toMatchObject({ isPart: true, overdue: { total: 2, order: ['SO-1', 'SO-2'] } })
  expect(shown.ageing.bins).toEqual([{ overdue: 2 }])
  expect(shownFocus(smallBoard(), 'picking', noon).overdue.order).toEqual([])
})
