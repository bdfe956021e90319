import type { Scene, ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import { createContext, useContext } from 'react'
import type { boardQuery } from './board-query.ts'
import type { ConnectionState } from './connection-state.ts'
import type { Store } from './store.ts'

export interface Live {
  readonly boardId: string
  /** As the address has it; undefined: the server's default site. */
  readonly site: string | undefined
  readonly connection: Store<ConnectionState>
  readonly query: ReturnType<typeof boardQuery>
  readonly settings: Store<ScreenSettings>
  /** What is shown now, for the one who looks after the screens; undefined: nobody has said. */
  readonly scene: Store<Scene | undefined>
}

export const LiveContext = createContext<Live | undefined>(undefined)

export function useLive(): Live {
  const live = useContext(LiveContext)
  if (live === undefined) throw new Error('useLive outside of LiveContext')
  return live
}
