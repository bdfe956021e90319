import type { QueryClient } from '@tanstack/react-query'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import { boardKey } from './board-query.ts'
import { shownTime } from './connection-state.ts'
import type { Live } from './live-context.ts'
import { restoredBoard, type KeptBoard } from './restored-board.ts'

const place = 'stagewatch.board'
const keepEveryMs = 10_000

/** Shows at once what this page showed before it was loaded anew, with its age, until the server has answered. */
export function restoreLastBoard({ boardId, site, connection }: Live, queries: QueryClient): void {
  const restored = restoredBoard(sessionStorage.getItem(place), { site, boardId }, Date.now())
  if (restored === undefined) return
  const now = performance.now()
  queries.setQueryData<Board>(boardKey(boardId), restored.board)
  connection.set({
    ...connection.get(),
    restored: true,
    confirmedAt: now - restored.ageMs,
    serverOffsetMs: restored.serverNow - now,
  })
}

/**
 * Keeps the present board for that. A screen that is no longer let in keeps nothing, and neither does one that its
 * board has broken: it would break again at once.
 */
export function keepLastBoard({ boardId, site, connection }: Live, queries: QueryClient): void {
  const keep = (): void => {
    const state = connection.get()
    const board = queries.getQueryData<Board>(boardKey(boardId))
    const { serverNow, ageMs } = shownTime(state, performance.now())
    const mayKeep = state.refusal !== 'unauthorized' && state.refusal !== 'forbidden' && isDrawn()
    if (!mayKeep) sessionStorage.removeItem(place)
    else if (board !== undefined && board.recording === undefined && serverNow !== undefined && ageMs !== undefined) {
      const kept = { ...(site !== undefined && { site }), board, keptAt: Date.now(), ageMs, serverNow }
      sessionStorage.setItem(place, JSON.stringify(rounded(kept)))
    }
  }
  setInterval(keep, keepEveryMs)
  addEventListener('pagehide', keep)
}

function isDrawn(): boolean {
  return document.querySelector('#root')?.hasChildNodes() === true
}

function rounded(kept: KeptBoard): KeptBoard {
  return { ...kept, serverNow: Math.round(kept.serverNow) }
}
