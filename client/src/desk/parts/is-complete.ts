import { screenChange, type ScreenSettings } from '@stagewatch/shared/contract/screen.ts'

/** Whether the server would take the name and the settings of a screen. */
export function isComplete(name: string, settings: ScreenSettings): boolean {
  return screenChange.safeParse({ name, settings }).success
}
