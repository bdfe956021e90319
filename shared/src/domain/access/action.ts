import type { DepartmentScope } from './department-scope.ts'
import type { Role } from './role.ts'

/**
 * What can be done at a site, and which roles may. Routes, sockets and exports ask for one of these and for nothing
 * else; pages ask only to hide what the server would refuse. Where a role holds for some departments, so does all that
 * it may do there.
 */
const policies = {
  /** The numbers of a wall, live. */
  'board.read': ['administrator', 'manager', 'lead', 'operator', 'viewer'],
  /** Statistics, heat maps, corrections. */
  'numbers.read': ['administrator', 'manager', 'lead', 'viewer'],
  /** Lists of orders, and one order whole. */
  'orders.read': ['administrator', 'manager', 'lead', 'operator', 'viewer'],
  /** Say who has an order, why it waits, and that it is held or goes on. */
  'orders.act': ['administrator', 'manager', 'lead', 'operator'],
  /** Give an order to somebody else, or end it. */
  'orders.manage': ['administrator', 'manager', 'lead'],
  'events.append': ['administrator'],
  /** Take back events of other sources than the one that is spoken for. */
  'events.void': ['administrator'],
  /** Processes and calendars. */
  'rules.read': ['administrator', 'manager', 'lead'],
  'rules.change': ['administrator', 'manager'],
  /** Send files to be imported, check and import them, and take imports back. */
  'imports.manage': ['administrator', 'manager'],
  /** The record of who changed what. */
  'changes.read': ['administrator', 'manager'],
  'people.read': ['administrator', 'manager'],
  'people.manage': ['administrator'],
  'keys.manage': ['administrator'],
  'screens.read': ['administrator', 'manager', 'lead'],
  /** Pair a screen, set it up, revoke it. */
  'screens.manage': ['administrator', 'manager', 'lead'],
  /** Privacy, rebuilding, checks of the installation. */
  'site.manage': ['administrator'],
} as const satisfies Readonly<Record<string, readonly Role[]>>

export type Action = keyof typeof policies

export const actions = Object.keys(policies) as readonly Action[]

/** Who may do it at their site. */
export function rolesFor(action: Action): readonly Role[] {
  return policies[action]
}

/** What concerns all departments, so that a role for some of them does not allow it. */
const ofWholeSite: ReadonlySet<Action> = new Set([
  'events.append',
  'events.void',
  'rules.change',
  'imports.manage',
  'changes.read',
  'keys.manage',
  'site.manage',
])

/** Everything that a role may do that holds for these departments. */
export function actionsOf(role: Role, departments: DepartmentScope): ReadonlySet<Action> {
  const held = actions.filter((action) => rolesFor(action).includes(role))
  return new Set(departments === undefined ? held : held.filter((action) => !ofWholeSite.has(action)))
}
