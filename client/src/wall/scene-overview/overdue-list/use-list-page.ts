import { useState } from 'react'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import { useTurn } from '../../use-turn.ts'
import { listPage, type ListPage } from './list-page.ts'

const pageShownMs = 12_000

/**
 * The page of the present turn. Which orders it names is settled when it appears: a page is never re-sorted while
 * people read it. One whose orders have all gone gives way at once.
 */
export function useListPage(
  board: Board,
  pageSize: number,
  besides: string | undefined,
  running: boolean,
): ListPage & { turn: number } {
  const turn = useTurn(pageShownMs, running)
  const [shown, setShown] = useState(() => ({ turn, pageSize, ...listPage(board, turn, pageSize, besides) }))
  const isGone = !hasRows(shown, board) && hasRows(listPage(board, turn, pageSize, besides), board)
  if (shown.turn === turn && shown.pageSize === pageSize && !isGone) return shown
  const next = { turn, pageSize, ...listPage(board, turn, pageSize, besides) }
  setShown(next)
  return next
}

function hasRows(page: ListPage, board: Board): boolean {
  return (
    page.overdue.some((order) => order in board.overdue.rows) ||
    page.upcoming.some((order) => order in board.upcoming.rows)
  )
}
