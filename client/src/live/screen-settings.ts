import { screenSettings, type ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import { useSyncExternalStore } from 'react'
import { useLive } from './live-context.ts'
import type { WallAddress } from './wall-address.ts'

/** How this wall is to show what it shows; changes while it runs when somebody sets the screen up otherwise. */
export function useScreenSettings(): ScreenSettings {
  const { settings } = useLive()
  return useSyncExternalStore(settings.subscribe, settings.get)
}

/** Those of a wall that nobody has paired: board and language stand in its address, the rest is usual. */
export function unpairedSettings({ boardId, language }: Pick<WallAddress, 'boardId' | 'language'>): ScreenSettings {
  return { ...screenSettings.parse({}), board: boardId, language }
}
