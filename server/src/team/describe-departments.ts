import type { SiteTranslations } from '../rules/site-translations.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships, users } from '@stagewatch/db/people-schema.ts'
import type { DepartmentList, ManagedDepartment } from '@stagewatch/shared/contract/departments.ts'
import { departmentOf } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { textsOf } from '@stagewatch/shared/domain/departments.ts'
import { eq } from 'drizzle-orm'
import { otherNames } from '../engine/dictionary.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { versionOf } from '../platform/edit-version.ts'
import { inSlices } from '../platform/in-slices.ts'
import type { SiteCatalog } from '../rules/site-catalog.ts'
import { settingsOf } from '../rules/site-departments.ts'
import type { SiteDepartments } from '../rules/site-departments.ts'

const maxUnmanaged = 200

interface DepartmentSource {
  readonly site: { readonly code: string }
  readonly translations: Pick<SiteTranslations, 'of'>
  readonly engine: LiveEngine
  readonly catalog: SiteCatalog
  readonly departments: SiteDepartments
}

type Use = Pick<ManagedDepartment, 'members' | 'stages' | 'openOrders'>

/** The departments of a scope with their usage, and the texts that do not belong to any department yet. */
export async function describeDepartments(
  db: Queryable,
  { site, engine, catalog, departments, translations }: DepartmentSource,
  scope: DepartmentScope,
): Promise<DepartmentList> {
  const members = await loadMembers(db, site.code)
  const uses = new Map<string, Use>()
  const add = (text: string | undefined, field: keyof Use, count = 1): void => {
    if (text === undefined || text === '' || text === otherNames) return
    const use = uses.get(text) ?? { members: 0, stages: 0, openOrders: 0 }
    uses.set(text, { ...use, [field]: use[field] + count })
  }
  // Includes texts that only finished visits have.
  for (let id = 0; id < engine.ended.departments.size; id++) add(engine.ended.departments.textOf(id), 'openOrders', 0)
  for (const [text, count] of await inSlices(countOpen(engine))) add(text, 'openOrders', count)
  for (const { stages } of catalog.list()) for (const { department } of stages) add(department, 'stages')
  for (const text of Object.keys(catalog.calendarChoice.departments)) add(text, 'stages', 0)
  const names = new Map(members.map(({ id, name }) => [id, name]))
  const isSeen = (texts: readonly string[]) => scope === undefined || texts.some((text) => scope.includes(text))
  const managed = departments.now.map((one): ManagedDepartment => {
    const texts = textsOf(one)
    const settings = settingsOf(one, catalog.calendarChoice)
    const leadName = one.leadId === undefined ? undefined : names.get(one.leadId)
    const leadNames = leadName && translations.of([leadName])?.[leadName]
    const sum = (field: keyof Use): number => texts.reduce((all, text) => all + (uses.get(text)?.[field] ?? 0), 0)
    return {
      key: one.key,
      ...settings,
      ...(leadName !== undefined && { leadName }),
      ...(leadNames !== undefined && leadNames !== '' && { leadNames }),
      // Somebody with two of the texts counts once.
      members: members.filter((member) => member.departments?.some((text) => texts.includes(text))).length,
      stages: sum('stages'),
      openOrders: sum('openOrders'),
      version: versionOf(settings),
    }
  })
  for (const member of members) for (const text of member.departments ?? []) add(text, 'members')
  const known = new Set(departments.now.flatMap(textsOf))
  const unmanaged = [...uses]
    .filter(([text]) => !known.has(text) && isSeen([text]))
    .map(([text, use]) => ({ text, ...use }))
    .toSorted((a, b) => b.openOrders - a.openOrders || (a.text < b.text ? -1 : 1))
  return {
    departments: managed.filter(({ key, aliases }) => isSeen([key, ...aliases])),
    unmanaged: unmanaged.slice(0, maxUnmanaged),
    unmanagedTotal: unmanaged.length,
    calendars: catalog.calendars.map(({ code, name }) => ({ code, name })),
  }
}

/** Number of open orders by text. */
function* countOpen({ open }: LiveEngine): Generator<void, ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (const { state, visit } of open) {
    const text = departmentOf(state.attributes, visit)
    counts.set(text, (counts.get(text) ?? 0) + 1)
    yield
  }
  return counts
}

function loadMembers(db: Queryable, site: string) {
  return drizzleOn(db)
    .select({ id: users.id, name: users.name, departments: memberships.departments })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(eq(memberships.site, site))
}
