import type { DepartmentScope } from './department-scope.ts'

/** Roles at a site, from most to least permissions. */
export const roles = ['administrator', 'manager', 'lead', 'operator', 'viewer'] as const

export type Role = (typeof roles)[number]

/**
 * Actions at a site and the roles that may perform them. Routes, sockets and exports check only these; pages check them
 * only to hide what the server would refuse. If a role is restricted to some departments, so are all its actions.
 */
const policies = {
  /** The live numbers of a wall. */
  'board.read': ['administrator', 'manager', 'lead', 'operator', 'viewer'],
  /** Statistics, heat maps, corrections. */
  'numbers.read': ['administrator', 'manager', 'lead', 'viewer'],
  /** Lists of orders, and all details of one order. */
  'orders.read': ['administrator', 'manager', 'lead', 'operator', 'viewer'],
  /** Claim an order, explain why it waits, put it on hold and resume it. */
  'orders.act': ['administrator', 'manager', 'lead', 'operator'],
  /** Assign an order to somebody else, or end it. */
  'orders.manage': ['administrator', 'manager', 'lead'],
  'events.append': ['administrator'],
  /** Void events of sources other than the caller's own. */
  'events.void': ['administrator'],
  /** Processes and calendars. */
  'rules.read': ['administrator', 'manager', 'lead'],
  'rules.change': ['administrator', 'manager'],
  /** Upload files, check and import them, and undo imports. */
  'imports.manage': ['administrator', 'manager'],
  /** The record of changes to rules and permissions. */
  'changes.read': ['administrator', 'manager'],
  /** Departments, the skills of people, and who is at work. */
  'team.read': ['administrator', 'manager', 'lead'],
  /** Skills, calendars and absences of people. */
  'team.manage': ['administrator', 'manager', 'lead'],
  /** The list of departments, which defines whose orders a person sees, and the list of skills. */
  'departments.manage': ['administrator'],
  'people.read': ['administrator', 'manager'],
  'people.manage': ['administrator'],
  'keys.manage': ['administrator'],
  'screens.read': ['administrator', 'manager', 'lead'],
  /** Pair, configure and revoke screens. */
  'screens.manage': ['administrator', 'manager', 'lead'],
  /** Privacy, rebuilding, and checks of the installation. */
  'site.manage': ['administrator'],
} as const satisfies Readonly<Record<string, readonly Role[]>>

export type Action = keyof typeof policies

export const actions = Object.keys(policies) as readonly Action[]

/** The roles that may perform the action at their site. */
export function rolesFor(action: Action): readonly Role[] {
  return policies[action]
}

/** Actions that concern all departments, so that a role restricted to some of them does not allow them. */
const ofWholeSite: ReadonlySet<Action> = new Set([
  'events.append',
  'events.void',
  'rules.change',
  'imports.manage',
  'changes.read',
  'departments.manage',
  'keys.manage',
  'site.manage',
])

/** All actions that a role allows when restricted to these departments. */
export function actionsOf(role: Role, departments: DepartmentScope): ReadonlySet<Action> {
  const held = actions.filter((action) => rolesFor(action).includes(role))
  return new Set(departments === undefined ? held : held.filter((action) => !ofWholeSite.has(action)))
}
