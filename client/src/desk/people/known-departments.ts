import type { PeopleList } from '@stagewatch/shared/contract/people.ts'

/** Departments that somebody has a role in, to be offered for the next one. */
export function knownDepartments({ people, invitations }: PeopleList): string[] {
  const names = [...people, ...invitations].flatMap(({ departments }) => departments ?? [])
  return [...new Set(names)].toSorted((a, b) => a.localeCompare(b))
}
