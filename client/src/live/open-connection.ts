import type { QueryClient } from '@tanstack/react-query'
import type { ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import { addressedSettings, unpairedSettings } from './addressed-settings.ts'
import { BoardChannel } from './board-channel.ts'
import { boardQuery } from './board-query.ts'
import { newConnection, outageOf, type ConnectionState } from './connection-state.ts'
import type { Live } from './live-context.ts'
import { ScreenSession } from './screen-session.ts'
import { readScreenCredentials } from './screen-credentials.ts'
import { createStore, type Store } from './store.ts'
import { lastingStorage } from './page-storage.ts'
import { withoutKey, type WallAddress } from './wall-address.ts'
import { loadStartInfo } from '../api/start-info.ts'
import { retryDelayMs } from './connection-transition.ts'

export interface WallConnection {
  readonly live: Live
  /** Initial settings of the wall. */
  readonly settings: ScreenSettings
  /** Name of the screen, while it is displayed large. */
  readonly shownName: Store<string | undefined>
}

/**
 * Opens the connection of a wall. A paired screen sends its token; any other wall sends a key if it has one.
 * @param build name of the running script.
 */
export function openConnection(address: WallAddress, queries: QueryClient, build: string): WallConnection {
  const credentials = address.key === undefined ? readScreenCredentials() : undefined
  const key = credentials === undefined ? screenKey(address) : undefined
  const first = credentials?.self.settings ?? addressedSettings(new URL(location.href), unpairedSettings(address))
  const settings = createStore(first)
  const begun = newConnection(performance.now())
  const connection = createStore<ConnectionState>(address.pair ? { ...begun, link: { status: 'unpaired' } } : begun)
  const shownName = createStore<string | undefined>(undefined)
  const scene = createStore<ReturnType<Live['scene']['get']>>(undefined)
  const boardId = first.board
  const site = credentials?.self.site ?? address.site
  const query = boardQuery({ boardId, site, token: credentials?.token ?? key, connection })
  const live: Live = {
    boardId,
    site,
    connection,
    // Only a socket can replay a recording.
    query: address.recording === undefined ? query : { ...query, enabled: false },
    settings,
    scene,
  }
  if (!address.pair) void open()
  return { live, settings: first, shownName }

  async function open(): Promise<void> {
    const unpair = (): void => {
      if (connection.get().link.status === 'unpaired') return
      channel.close()
      // Remove all data that this screen was allowed to see.
      queries.clear()
    }
    const screen =
      credentials === undefined ? undefined : new ScreenSession({ credentials, build, live, shownName, unpair })
    // The restored board is out of date by now, and the socket delivers the board if the fetch fails.
    if (address.recording === undefined) queries.query({ ...query, staleTime: 0 }).catch(() => undefined)
    const channel = new BoardChannel({
      boardId,
      site: site ?? (await defaultSite()),
      key,
      build,
      screen,
      recording: address.recording,
      queries,
      connection,
    })
    if (credentials !== undefined || key !== undefined) return
    // Where reading is open, no pairing is needed; elsewhere the first answer requires it.
    connection.subscribe(() => {
      if (outageOf(connection.get().link).refusal === 'unauthorized') unpair()
    })
  }
}

/** This screen's key for the site: the one in the address, which is then stored, or else the stored one. */
function screenKey(address: WallAddress): string | undefined {
  const place = `stagewatch.key ${address.site ?? ''}`
  if (address.key === undefined) return lastingStorage.get(place) ?? undefined
  lastingStorage.set(place, address.key)
  history.replaceState(history.state, '', withoutKey(new URL(location.href)))
  return address.key
}

/** The site of a wall whose address names none; retries until the server answers. */
async function defaultSite(): Promise<string> {
  for (;;) {
    try {
      return (await loadStartInfo()).defaultSite
    } catch {
      await new Promise((resolve) => setTimeout(resolve, retryDelayMs(undefined, Math.random())))
    }
  }
}
