import type { Scene, ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import { createContext, useContext, useSyncExternalStore } from 'react'
import { pick, type boardQuery } from './board-query.ts'
import type { ConnectionState } from './connection-state.ts'
import type { Store } from './store.ts'
import { useQuery } from '@tanstack/react-query'
import type { Board } from '@stagewatch/shared/contract/board.ts'

export interface Live {
  readonly boardId: string
  /** Site in the address. Undefined: the server's default site. */
  readonly site: string | undefined
  readonly connection: Store<ConnectionState>
  readonly query: ReturnType<typeof boardQuery>
  readonly settings: Store<ScreenSettings>
  /** The current scene, reported to whoever manages the screens. Undefined until a scene is shown. */
  readonly scene: Store<Scene | undefined>
}

export const LiveContext = createContext<Live | undefined>(undefined)

export function useLive(): Live {
  const live = useContext(LiveContext)
  if (live === undefined) throw new Error('useLive outside of LiveContext')
  return live
}

/** The given parts of the board; undefined until there is one. The caller re-renders only when one of them changes. */
export function useBoard<Key extends keyof Board>(keys: readonly Key[]): Pick<Board, Key> | undefined {
  return useQuery({ ...useLive().query, select: (board) => pick(board, keys) }).data
}

/** The display settings of this wall; they change at run time when somebody edits the screen. */
export function useScreenSettings(): ScreenSettings {
  const { settings } = useLive()
  return useSyncExternalStore(settings.subscribe, settings.get)
}
