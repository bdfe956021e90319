import { useState } from 'react'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import { useCycle } from '../../shown-in-turn.ts'
import { listPage, type ListPage } from './list-page.ts'

type Lists = Pick<Board, 'overdue' | 'upcoming'>

const pageShownMs = 12_000

/**
 * The page of the current turn. Its orders are fixed when it appears, because a page must not be re-sorted while people
 * read it. A page whose orders have all left is replaced at once.
 */
export function useListPage(
  board: Lists,
  pageSize: number,
  besides: string | undefined,
  running: boolean,
): ListPage & { turn: number } {
  const turn = useCycle(pageShownMs, running)
  const [shown, setShown] = useState(() => ({ turn, pageSize, ...listPage(board, turn, pageSize, besides) }))
  const isGone = !hasRows(shown, board) && hasRows(listPage(board, turn, pageSize, besides), board)
  if (shown.turn === turn && shown.pageSize === pageSize && !isGone) return shown
  const next = { turn, pageSize, ...listPage(board, turn, pageSize, besides) }
  setShown(next)
  return next
}

function hasRows(page: ListPage, board: Lists): boolean {
  return (
    page.overdue.some((order) => order in board.overdue.rows) ||
    page.upcoming.some((order) => order in board.upcoming.rows)
  )
}
