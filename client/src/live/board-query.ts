import { queryOptions, type QueryClient } from '@tanstack/react-query'
import { board as boardSchema, type Board } from '@stagewatch/shared/contract/board.ts'
import { z } from 'zod'
import type { ConnectionState } from './connection-state.ts'
import { transition } from './connection-transition.ts'
import type { Store } from './store.ts'

// Validated, but not replaced by the parsed copy, which drops keys named `__proto__`.
const checkedBoard = z.custom<Board>((given) => boardSchema.safeParse(given).success)

export interface BoardSource {
  readonly boardId: string
  /** Undefined: the server's default site. */
  readonly site: string | undefined
  /** Key or token. Without one, the request succeeds only if reading is open. */
  readonly token: string | undefined
  readonly connection: Store<ConnectionState>
}

export function boardKey(boardId: string) {
  return ['board', boardId] as const
}

/**
 * The board of a screen. It is fetched once over HTTP, so that there is a picture before a socket is open; from then on
 * the socket keeps it current. It never becomes stale by age: the connection tracks its age.
 */
export function boardQuery({ boardId, site, token, connection }: BoardSource) {
  return queryOptions({
    queryKey: boardKey(boardId),
    queryFn: async ({ client, signal }) => {
      const requestedAt = performance.now()
      const fetched = await fetchBoard({ boardId, site, token, signal })
      // Another server instance may have answered; deltas apply only to the board received over the socket.
      const received = connection.get().link.status === 'live' ? cachedBoard(client, boardId) : undefined
      if (received !== undefined) return received
      const { asOf, dataAsOf } = fetched
      const event = { type: 'boardFetched', requestedAt, asOf, dataAsOf } as const
      connection.set(transition(connection.get(), event, { now: performance.now(), chance: 0 }).state)
      return fetched
    },
    staleTime: Infinity,
    gcTime: Infinity,
    // The socket retries the join indefinitely, and its answer makes a fetch unnecessary.
    retry: false,
    // Unchanged slices keep their identity, so their panels do not re-render.
    structuralSharing: keepEqual,
  })
}

export function cachedBoard(queries: QueryClient, boardId: string): Board | undefined {
  return queries.getQueryData<Board>(boardKey(boardId))
}

async function fetchBoard({
  boardId,
  site,
  token,
  signal,
}: Omit<BoardSource, 'connection'> & { readonly signal: AbortSignal }): Promise<Board> {
  const question = new URLSearchParams({ board: boardId, ...(site !== undefined && { site }) })
  const response = await fetch(`/api/v1/board?${question}`, {
    headers: { accept: 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    // A wall sees what its key permits, whoever is signed in on the same device.
    credentials: 'omit',
    cache: 'no-store',
    signal,
  })
  if (!response.ok) throw new Error(`the server answers ${response.status}`)
  return checkedBoard.parse(await response.json())
}

export function pick<Key extends keyof Board>(board: Board, keys: readonly Key[]): Pick<Board, Key> {
  const slice: Partial<Board> = {}
  for (const key of keys) if (key in board) slice[key] = board[key]
  return slice as Pick<Board, Key>
}

/** `after`, or `before` if all their properties are identical. */
function keepEqual(before: unknown, after: unknown): unknown {
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return after
  const [old, next] = [Object.entries(before), Object.entries(after)]
  const isSame = ([name, value]: [string, unknown]) =>
    Object.hasOwn(before, name) && Object.is(Reflect.get(before, name), value)
  return old.length === next.length && next.every(isSame) ? before : after
}
