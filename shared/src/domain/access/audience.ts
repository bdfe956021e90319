import type { DepartmentScope } from './department-scope.ts'
import { openPrivacy } from './privacy.ts'
import type { Privacy } from './privacy.ts'

/** To whom something is shown: which orders, and what of them. Who are alike here are sent the same. */
export interface Audience {
  readonly departments: DepartmentScope
  readonly privacy: Privacy
}

/** Those who see everything. */
export const everybody: Audience = { departments: undefined, privacy: openPrivacy }

/** One text for departments that are the same in whatever order; empty: all. */
export function scopeKey(departments: DepartmentScope): string {
  return departments === undefined ? '' : JSON.stringify([...new Set(departments)].toSorted())
}

/** One text for audiences that are shown the same. */
export function audienceKey({ departments, privacy: { customers, amounts, people } }: Audience): string {
  return JSON.stringify([scopeKey(departments), customers, amounts, people])
}
