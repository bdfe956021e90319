import type { LiveTree, QueryWatch } from '@stagewatch/shared/contract/live-query.ts'
import { useQueryClient, type QueryKey } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import { freshness, type Freshness } from './freshness.ts'
import type { LiveConnection } from './live-connection.ts'

interface LiveUpdates {
  /** Undefined: not opened yet, or closed while updates are paused. */
  readonly connection: LiveConnection | undefined
  readonly isPaused: boolean
  readonly setPaused: (isPaused: boolean) => void
}

export const LiveContext = createContext<LiveUpdates>({
  connection: undefined,
  isPaused: false,
  setPaused: () => undefined,
})

export function useLiveUpdates(): LiveUpdates {
  return useContext(LiveContext)
}

interface LiveQueryOptions<Data> {
  /** Key of the cache entry that the HTTP query fills. */
  readonly queryKey: QueryKey
  readonly message: QueryWatch
  readonly toData: (tree: LiveTree) => Data
  /** Undefined: every update is written to the cache at once. */
  readonly onData?: ((data: Data) => void) | undefined
}

/** Keeps an entry of the query cache in sync with the server's result. */
export function useLiveQuery<Data>({ queryKey, message, toData, onData }: LiveQueryOptions<Data>): void {
  const { connection } = useContext(LiveContext)
  const queries = useQueryClient()
  const { kind, order, id, search } = message
  const onTree = useEffectEvent((tree: LiveTree): void => {
    const data = toData(tree)
    if (onData === undefined) queries.setQueryData(queryKey, data)
    else onData(data)
  })
  useEffect(
    () => connection?.watch({ kind, order, id, search }, { onTree: (tree) => onTree(tree) }),
    [connection, kind, order, id, search],
  )
}

const secondMs = 1_000

/** Freshness of the displayed data and its age in ms, updated every second. */
export function useLiveFreshness(): {
  readonly freshness: Freshness
  readonly ageMs: number
  readonly isCut: boolean
  readonly reducedMs: number | undefined
} {
  const { connection } = useContext(LiveContext)
  const now = useSyncExternalStore(subscribeToSeconds, () => Math.floor(performance.now() / secondMs) * secondMs)
  const confirmedAt = connection?.state.confirmedAt
  return {
    freshness: freshness(confirmedAt, now),
    ageMs: confirmedAt === undefined ? 0 : Math.max(0, now - confirmedAt),
    isCut: connection?.state.dataAsOf !== undefined,
    reducedMs: connection?.state.reducedMs,
  }
}

/** Whether the displayed data is current. Unlike the age, which changes every second, this value rarely changes. */
export function useIsLive(): boolean {
  const { connection } = useContext(LiveContext)
  return useSyncExternalStore(
    subscribeToSeconds,
    () => freshness(connection?.state.confirmedAt, performance.now()) === 'live',
  )
}

function subscribeToSeconds(listener: () => void): () => void {
  const timer = setInterval(listener, secondMs)
  return () => clearInterval(timer)
}
