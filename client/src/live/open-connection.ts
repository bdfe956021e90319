import type { QueryClient } from '@tanstack/react-query'
import type { ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import { addressedSettings } from './addressed-settings.ts'
import { BoardChannel } from './board-channel.ts'
import { boardQuery } from './board-query.ts'
import { newConnection, outageOf, type ConnectionState } from './connection-state.ts'
import type { Live } from './live-context.ts'
import { ScreenSession } from './screen-session.ts'
import { readScreenCredentials } from './screen-credentials.ts'
import { unpairedSettings } from './screen-settings.ts'
import { createStore, type Store } from './store.ts'
import { lastingStorage } from './page-storage.ts'
import { withoutKey, type WallAddress } from './wall-address.ts'
import { loadStartInfo } from '../api/start-info.ts'
import { retryDelayMs } from './retry-delay.ts'

export interface WallConnection {
  readonly live: Live
  /** What the wall begins with. */
  readonly settings: ScreenSettings
  /** The name of the screen, while it is to be shown large. */
  readonly shownName: Store<string | undefined>
}

/**
 * Opens the line of a wall: a paired screen shows its token, any other wall a key if it has one.
 * @param build name of the script that runs.
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
    // The past is told by a socket only.
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
      // Nothing of what it was allowed to see stays behind.
      queries.clear()
    }
    const screen =
      credentials === undefined ? undefined : new ScreenSession({ credentials, build, live, shownName, unpair })
    // What the page showed before it was reloaded is old by now. The socket brings what cannot be fetched.
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
    // Where reading is open nobody needs to be let in; elsewhere the first answer says so.
    connection.subscribe(() => {
      if (outageOf(connection.get().link).refusal === 'unauthorized') unpair()
    })
  }
}

/** The key of this screen for the site: the one in the address, which is kept, or the one kept before. */
function screenKey(address: WallAddress): string | undefined {
  const place = `stagewatch.key ${address.site ?? ''}`
  if (address.key === undefined) return lastingStorage.get(place) ?? undefined
  lastingStorage.set(place, address.key)
  history.replaceState(history.state, '', withoutKey(new URL(location.href)))
  return address.key
}

/** The site of a wall whose address names none; asks until the server answers. */
async function defaultSite(): Promise<string> {
  for (;;) {
    try {
      return (await loadStartInfo()).defaultSite
    } catch {
      await new Promise((resolve) => setTimeout(resolve, retryDelayMs(undefined, Math.random())))
    }
  }
}
