import { roles } from '@stagewatch/shared/domain/access/role.ts'

const privacyValues = {
  shown: 'desk.value.shown',
  masked: 'desk.value.masked',
  hidden: 'desk.value.hidden',
  team: 'desk.value.team',
} as const
const scopes = { ingest: 'desk.scope.ingest', read: 'desk.scope.read', admin: 'desk.scope.admin' } as const

/** Key of the text of a value that has a name in both languages; undefined: it is shown as it is. */
export function valueName(field: string, value: string) {
  const role = roles.find((each) => field === 'role' && each === value)
  if (role !== undefined) return `desk.role.${role}` as const
  if (['customers', 'amounts', 'people'].includes(field) && isKeyOf(privacyValues, value)) return privacyValues[value]
  if (field === 'scopes' && isKeyOf(scopes, value)) return scopes[value]
  return undefined
}

function isKeyOf<Names extends object>(names: Names, value: string): value is Extract<keyof Names, string> {
  return Object.hasOwn(names, value)
}
