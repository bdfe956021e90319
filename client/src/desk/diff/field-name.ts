/** Fields that have a name in both languages; others are shown as they are called. */
const named = {
  name: 'desk.field.name',
  role: 'desk.role.label',
  departments: 'desk.departments.label',
  scopes: 'desk.keys.scopes',
  email: 'desk.email',
  settings: 'desk.field.settings',
  stages: 'desk.field.stages',
  goals: 'desk.field.goals',
  targetMs: 'desk.field.target',
  promiseLeadMs: 'desk.field.promiseLead',
  stallAfterMs: 'desk.field.stallAfter',
  warnAtRatio: 'desk.field.warnAt',
  toleranceRatio: 'desk.field.tolerance',
  calendar: 'desk.field.calendar',
  versions: 'desk.field.versions',
  validFrom: 'desk.field.validFrom',
  definition: 'desk.field.definition',
  customers: 'desk.field.customers',
  amounts: 'desk.field.amounts',
  people: 'desk.nav.people',
  shifts: 'desk.field.shifts',
  holidays: 'desk.field.holidays',
  timeZone: 'desk.field.timeZone',
} as const

type NamedField = keyof typeof named

/** Key of the text; undefined: the field has no name of its own. */
export function fieldName(field: string): (typeof named)[NamedField] | undefined {
  return Object.hasOwn(named, field) ? named[field as NamedField] : undefined
}
