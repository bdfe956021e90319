import type { ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import type { Caller } from '../access/caller.ts'
import { AppError } from '../platform/app-error.ts'

/** Whether the caller may see and set up a screen: only one that shows nothing beyond what they may see themselves. */
export function mayManageScreen({ departments }: Pick<Caller, 'departments'>, settings: ScreenSettings): boolean {
  if (departments === undefined) return true
  return settings.departments?.every((department) => departments.includes(department)) ?? false
}

/**
 * The settings that the caller may give to a screen: without departments, it shows those of the caller.
 * @throws AppError `forbidden` for other departments.
 */
export function grantedSettings(caller: Pick<Caller, 'departments'>, settings: ScreenSettings): ScreenSettings {
  const departments = settings.departments ?? caller.departments
  if (departments === undefined) return settings
  const granted = { ...settings, departments: [...departments] }
  if (!mayManageScreen(caller, granted)) {
    throw new AppError('forbidden', 'a screen can show only departments of the person who sets it up', {
      field: 'settings.departments',
    })
  }
  return granted
}
