import type { QueryClient } from '@tanstack/react-query'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import { boardKey, cachedBoard } from './board-query.ts'
import { outageOf, shownTime } from './connection-state.ts'
import { transition } from './connection-transition.ts'
import type { Live } from './live-context.ts'
import { pageSessionStorage } from './page-storage.ts'
import { restoredBoard, type KeptBoard } from './restored-board.ts'

const place = 'stagewatch.board'
const keepEveryMs = 10_000

/** Immediately shows the board from before a reload, with its age, until the server answers. */
export function restoreLastBoard({ boardId, site, connection }: Live, queries: QueryClient): void {
  const restored = restoredBoard(pageSessionStorage.get(place), { site, boardId }, Date.now())
  if (restored === undefined) return
  const now = performance.now()
  queries.setQueryData<Board>(boardKey(boardId), restored.board)
  const { ageMs, serverNow } = restored
  const event = { type: 'boardRestored', ageMs, serverNow } as const
  connection.set(transition(connection.get(), event, { now, chance: 0 }).state)
}

/**
 * Stores the current board for `restoreLastBoard`. Nothing is stored by a screen that lost its access, or by one that
 * the board crashed: it would crash again at once.
 */
export function keepLastBoard({ boardId, site, connection }: Live, queries: QueryClient): void {
  const keep = (): void => {
    const state = connection.get()
    const board = cachedBoard(queries, boardId)
    const { serverNow, ageMs } = shownTime(state, performance.now())
    const { refusal } = outageOf(state.link)
    const isLetIn = state.link.status !== 'unpaired' && refusal !== 'unauthorized' && refusal !== 'forbidden'
    const mayKeep = isLetIn && isDrawn()
    if (!mayKeep) pageSessionStorage.remove(place)
    else if (board !== undefined && board.recording === undefined && serverNow !== undefined && ageMs !== undefined) {
      const kept = { ...(site !== undefined && { site }), board, keptAt: Date.now(), ageMs, serverNow }
      pageSessionStorage.set(place, JSON.stringify(rounded(kept)))
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
