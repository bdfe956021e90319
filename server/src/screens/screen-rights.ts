import type { ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import type { Caller } from '../access/caller.ts'
import { AppError } from '../platform/app-error.ts'

/** Whether somebody may see a screen and set it up: one that shows nothing that they may not see themselves. */
export function mayManageScreen({ departments }: Pick<Caller, 'departments'>, settings: ScreenSettings): boolean {
  if (departments === undefined) return true
  return settings.departments?.every((department) => departments.includes(department)) ?? false
}

/**
 * The settings as somebody may give them to a screen: where they leave departments out, it shows their own.
 * @throws AppError `forbidden` when they ask for others.
 */
export function grantedSettings(caller: Pick<Caller, 'departments'>, settings: ScreenSettings): ScreenSettings {
  const departments = settings.departments ?? caller.departments
  if (departments === undefined) return settings
  const granted = { ...settings, departments: [...departments] }
  if (!mayManageScreen(caller, granted)) {
    throw new AppError('forbidden', 'a screen shows departments of the one who sets it up, and no others', {
      field: 'settings.departments',
    })
  }
  return granted
}
