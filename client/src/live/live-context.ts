import type { Scene, ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import { createContext, useContext } from 'react'
import type { boardQuery } from './board-query.ts'
import type { ConnectionState } from './connection-state.ts'
import type { Store } from './store.ts'

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
