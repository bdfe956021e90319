import type { Caller } from '../access/caller.ts'
import { AppError } from '../app-error.ts'

/**
 * Who manages some departments manages nothing beyond them.
 * @param departments what a role holds for, or is to hold for; undefined: all.
 * @throws AppError `forbidden`
 */
export function requireOwnDepartments(caller: Caller, departments: readonly string[] | undefined): void {
  const { departments: own } = caller
  if (own === undefined) return
  if (departments?.every((department) => own.includes(department)) === true) return
  throw new AppError('forbidden', 'this reaches beyond your departments', { field: 'departments' })
}
