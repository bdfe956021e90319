import { screenSettings, type ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import { useSyncExternalStore } from 'react'
import { useLive } from './live-context.ts'
import type { WallAddress } from './wall-address.ts'

/** The display settings of this wall; they change at run time when somebody edits the screen. */
export function useScreenSettings(): ScreenSettings {
  const { settings } = useLive()
  return useSyncExternalStore(settings.subscribe, settings.get)
}

/** Settings of an unpaired wall: board and language come from its address, the rest are defaults. */
export function unpairedSettings({ boardId, language }: Pick<WallAddress, 'boardId' | 'language'>): ScreenSettings {
  return { ...screenSettings.parse({}), board: boardId, language }
}
