import type { ScreenSelf } from '@stagewatch/shared/contract/screen.ts'
import type { StoredScreen } from './screens-table.ts'

/** What a screen is told of itself. */
export function selfOf({ id, name, site, settings }: StoredScreen): ScreenSelf {
  return { id, name, site, settings }
}
