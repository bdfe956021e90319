import type { QueryClient } from '@tanstack/react-query'
import type { ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import { addressedSettings } from './addressed-settings.ts'
import { BoardChannel } from './board-channel.ts'
import { newConnection } from './connection-state.ts'
import { defaultSite } from './default-site.ts'
import type { Live } from './live-context.ts'
import { screenKey } from './screen-key.ts'
import { ScreenLine } from './screen-line.ts'
import { readScreenPass } from './screen-pass.ts'
import { unpairedSettings } from './screen-settings.ts'
import { createStore, type Store } from './store.ts'
import type { WallAddress } from './wall-address.ts'

export interface Line {
  readonly live: Live
  /** What the wall begins with. */
  readonly settings: ScreenSettings
  /** Nobody has let this screen in: it shows a pairing code and nothing else. */
  readonly isUnpaired: Store<boolean>
  /** The name of the screen, while it is to be shown large. */
  readonly shownName: Store<string | undefined>
}

/**
 * Opens the line of a wall: a paired screen shows its token, any other wall a key if it has one.
 * @param build name of the script that runs.
 */
export function openLine(address: WallAddress, queries: QueryClient, build: string): Line {
  const pass = address.key === undefined ? readScreenPass() : undefined
  const key = pass === undefined ? screenKey(address) : undefined
  const first = pass?.self.settings ?? addressedSettings(new URL(location.href), unpairedSettings(address))
  const settings = createStore(first)
  const connection = createStore(newConnection(performance.now()))
  const isUnpaired = createStore(address.pair)
  const shownName = createStore<string | undefined>(undefined)
  const scene = createStore<ReturnType<Live['scene']['get']>>(undefined)
  const live = { boardId: first.board, site: pass?.self.site ?? address.site, connection, settings, scene }
  if (!address.pair) void open()
  return { live, settings: first, isUnpaired, shownName }

  async function open(): Promise<void> {
    const unpair = (): void => {
      if (isUnpaired.get()) return
      isUnpaired.set(true)
      channel.close()
      // Nothing of what it was allowed to see stays behind.
      queries.clear()
      connection.set({ ...connection.get(), refusal: 'unauthorized' })
    }
    const screen = pass === undefined ? undefined : new ScreenLine({ pass, build, live, shownName, unpair })
    const site = live.site ?? (await defaultSite())
    const channel = new BoardChannel({
      boardId: live.boardId,
      site,
      key,
      build,
      screen,
      recording: address.recording,
      queries,
      connection,
    })
    if (pass !== undefined || key !== undefined) return
    // Where reading is open nobody needs to be let in; elsewhere the first answer says so.
    connection.subscribe(() => {
      if (connection.get().refusal === 'unauthorized') unpair()
    })
  }
}
