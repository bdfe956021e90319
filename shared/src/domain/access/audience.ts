import type { DepartmentScope } from './department-scope.ts'

/** Which details of customers, money and people are shown. The site sets it for everybody; a screen may hide more. */
export interface Privacy {
  /** `masked`: only the first characters of a name. */
  readonly customers: 'shown' | 'masked'
  readonly amounts: 'shown' | 'hidden'
  /** `team`: no names and no counts by person; a claimed order does not say by whom. */
  readonly people: 'shown' | 'team'
}

export const openPrivacy: Privacy = { customers: 'shown', amounts: 'shown', people: 'shown' }

/** Hides everything that either of them hides. */
export function stricterPrivacy(a: Privacy, b: Privacy): Privacy {
  return {
    customers: a.customers === 'masked' ? 'masked' : b.customers,
    amounts: a.amounts === 'hidden' ? 'hidden' : b.amounts,
    people: a.people === 'team' ? 'team' : b.people,
  }
}

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
