import { QueryClient, QueryObserver } from '@tanstack/react-query'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { boardKey, boardQuery, cachedBoard, pick } from './board-query.ts'
import { newConnection, type ConnectionState } from './connection-state.ts'
import { createStore } from './store.ts'
import { noon, smallBoard } from './testing/small-board.ts'

const asked: { readonly url: string; readonly init: RequestInit }[] = []
let answer: () => Response | Promise<Response>

beforeEach(() => {
  asked.length = 0
  answer = () => Response.json({ ...smallBoard(), version: 9 })
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    asked.push({ url, init })
    return Promise.resolve(answer())
  })
})
afterEach(() => vi.unstubAllGlobals())

function source(token?: string) {
  const connection = createStore<ConnectionState>(newConnection(0))
  return { connection, query: boardQuery({ boardId: 'overview', site: 'main', token, connection }) }
}

describe('the board over HTTP', () => {
  it('is asked for with the key of the wall, not with the session of who is signed in beside it', async () => {
    const { connection, query } = source('sw_key')
    const queries = new QueryClient()
    await queries.query(query)
    expect(cachedBoard(queries, 'overview')?.version).toBe(9)
    expect(asked.map(({ url }) => url)).toEqual(['/api/v1/board?board=overview&site=main'])
    expect(asked[0]?.init).toMatchObject({ credentials: 'omit', headers: { authorization: 'Bearer sw_key' } })
    expect(connection.get().confirmedAt).toBeDefined()
    expect(connection.get().link.status).toBe('connecting')
  })

  it('gives way to that of the socket, which may be of another server instance', async () => {
    const { connection, query } = source()
    const queries = new QueryClient()
    const { promise, resolve } = Promise.withResolvers<Response>()
    answer = () => promise
    const done = queries.query(query)
    const received: Board = { ...smallBoard(), epoch: 'b', version: 3 }
    queries.setQueryData<Board>(boardKey('overview'), received)
    connection.set({ ...connection.get(), link: { status: 'live', joinedAt: 1, isBehind: false } })
    resolve(Response.json(smallBoard()))
    await done
    expect(cachedBoard(queries, 'overview')).toBe(received)
  })

  it.each([
    ['is refused', () => Response.json({ code: 'unauthorized' }, { status: 401 })],
    ['is no board', () => Response.json({ board: 'overview' })],
  ])('that %s leaves the picture of before as it is, and says nothing to the connection', async (_, given) => {
    answer = given
    const { connection, query } = source()
    const queries = new QueryClient()
    queries.setQueryData<Board>(boardKey('overview'), smallBoard())
    const before = connection.get()
    await expect(queries.query({ ...query, staleTime: 0 })).rejects.toThrow(/answers 401|"code": "custom"/)
    expect(asked).toHaveLength(1)
    expect(cachedBoard(queries, 'overview')).toEqual(smallBoard())
    expect(connection.get()).toBe(before)
  })
})

it('a panel is notified only of changes in its part of the board', async () => {
  const { query } = source()
  const queries = new QueryClient()
  await queries.query(query)
  const before = cachedBoard(queries, 'overview')!
  const observer = new QueryObserver(queries, { ...query, select: (board: Board) => pick(board, ['kpis', 'site']) })
  const slices: unknown[] = []
  const leave = observer.subscribe(({ data }) => slices.push(data))
  const first = observer.getCurrentResult().data
  queries.setQueryData<Board>(boardKey('overview'), { ...before, version: 10, asOf: noon + 1_000 })
  expect(observer.getCurrentResult().data).toBe(first)
  const kpis = { ...before.kpis, stalled: { count: 4 } }
  queries.setQueryData<Board>(boardKey('overview'), { ...before, version: 11, kpis })
  expect(observer.getCurrentResult().data).toEqual({ kpis, site: before.site })
  leave()
})
