import { QueryClient } from '@tanstack/react-query'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { boardKey, cachedBoard } from './board-query.ts'
import { newConnection } from './connection-state.ts'
import type { ConnectionState, Link } from './connection-state.ts'
import { keepLastBoard, restoreLastBoard } from './last-board.ts'
import type { Live } from './live-context.ts'
import { createStore } from './store.ts'
import { noon, smallBoard } from './testing/small-board.ts'

const live = (state: ConnectionState) =>
  ({ boardId: 'overview', site: 'east', connection: createStore(state) }) as unknown as Live

/** A wall that shows the board as confirmed two seconds ago. */
function shownWall(more: { readonly link?: Link; readonly board?: Partial<Board> } = {}): void {
  const queries = new QueryClient()
  queries.setQueryData<Board>(boardKey('overview'), { ...smallBoard(), ...more.board })
  const now = performance.now()
  keepLastBoard(
    live({
      ...newConnection(now),
      link: more.link ?? { status: 'live', joinedAt: now, isBehind: false },
      confirmedAt: now - 2_000,
      serverOffsetMs: noon - now,
    }),
    queries,
  )
}

/** What a page loaded `afterMs` later shows. */
function restored(afterMs = 0) {
  vi.setSystemTime(Date.now() + afterMs)
  const queries = new QueryClient()
  const next = live(newConnection(performance.now()))
  restoreLastBoard(next, queries)
  return { board: cachedBoard(queries, 'overview'), state: next.connection.get() }
}

beforeEach(() => {
  vi.useFakeTimers({ now: noon })
  sessionStorage.clear()
  document.body.innerHTML = '<div id="root"><main></main></div>'
})
afterEach(() => {
  vi.clearAllTimers()
  vi.useRealTimers()
})

it('a reloaded page shows at once what it showed before, with its age', () => {
  shownWall()
  dispatchEvent(new Event('pagehide'))
  const { board, state } = restored(5_000)
  expect(board).toEqual(smallBoard())
  expect(state).toMatchObject({ restored: true, confirmedAt: performance.now() - 7_000 })
  expect(state.serverOffsetMs).toBe(noon + 5_000 - performance.now())
})

it('the board is stored every ten seconds, not only when the page closes', () => {
  shownWall()
  vi.advanceTimersByTime(9_999)
  expect(restored().board).toBeUndefined()
  vi.advanceTimersByTime(1)
  expect(restored().board).toBeDefined()
})

it.each<[string, Link]>([
  ['is unpaired', { status: 'unpaired' }],
  ['has an unknown key', { status: 'waiting', retryAt: 0, attempts: 1, refusal: 'unauthorized' }],
  ['may not see the board', { status: 'waiting', retryAt: 0, attempts: 1, refusal: 'forbidden' }],
])('a screen that %s stores nothing, and deletes what it stored before', (_, link) => {
  shownWall()
  vi.advanceTimersByTime(10_000)
  vi.clearAllTimers()
  shownWall({ link })
  vi.advanceTimersByTime(10_000)
  expect(restored().board).toBeUndefined()
})

it('a screen that has lost its server keeps what it shows', () => {
  shownWall({ link: { status: 'waiting', retryAt: 0, attempts: 1 } })
  vi.advanceTimersByTime(10_000)
  expect(restored().board).toBeDefined()
})

it('a page that its board crashed stores nothing, and neither does a recording', () => {
  document.body.innerHTML = '<div id="root"></div>'
  shownWall()
  vi.advanceTimersByTime(10_000)
  expect(restored().board).toBeUndefined()
  vi.clearAllTimers()
  document.body.innerHTML = '<div id="root"><main></main></div>'
  shownWall({ board: { recording: { from: 0, to: noon, speed: 1 } } })
  vi.advanceTimersByTime(10_000)
  expect(restored().board).toBeUndefined()
})
