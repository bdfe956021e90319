import type { DepartmentScope } from './department-scope.ts'
import { openPrivacy } from './privacy.ts'
import type { Privacy } from './privacy.ts'

/** Which orders, and which of their details, a recipient may see. Equal audiences receive the same data. */
export interface Audience {
  readonly departments: DepartmentScope
  readonly privacy: Privacy
}

/** The audience that sees everything. */
export const everybody: Audience = { departments: undefined, privacy: openPrivacy }

/** Cache key of a scope, independent of the order of its departments; empty: all. */
export function scopeKey(departments: DepartmentScope): string {
  return departments === undefined ? '' : JSON.stringify([...new Set(departments)].toSorted())
}

/** Cache key of an audience; equal keys mean the same data. */
export function audienceKey({ departments, privacy: { customers, amounts, people } }: Audience): string {
  return JSON.stringify([scopeKey(departments), customers, amounts, people])
}
