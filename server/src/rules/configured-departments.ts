import { isDeepStrictEqual } from 'node:util'
import type { Queryable } from '@stagewatch/db/database.ts'
import type { SiteConfig } from '@stagewatch/shared/contract/site-config.ts'
import { departmentNamed, textsOf } from '@stagewatch/shared/domain/departments.ts'
import type { RecordedChange } from '../access/changes-table.ts'
import { AppError } from '../platform/app-error.ts'
import { deleteDepartment, loadDepartments, saveDepartment } from './departments-table.ts'
import { saveSkills } from './site-skills.ts'

type Configured = NonNullable<SiteConfig['departments']>
type Recorded = Pick<RecordedChange, 'action' | 'subject' | 'before' | 'after'>

/** The departments of a site as its configuration contains them, by key, without people. */
export async function loadConfiguredDepartments(db: Queryable, site: string): Promise<Configured> {
  const departments = await loadDepartments(db, site)
  return Object.fromEntries(
    departments.map(({ key, name, aliases, archived }) => [
      key,
      { name: { ...name }, aliases: [...aliases], archived },
    ]),
  )
}

/**
 * Applies the departments and skills of a configuration. A section that it does not contain stays unchanged, and so do
 * the leads of departments.
 * @throws AppError `already_used` when a text is listed for two departments; `missing_field` when a department is missing,
 * unless another one has its texts now.
 */
export async function applyTeam(
  tx: Queryable,
  site: string,
  current: SiteConfig,
  { departments, skills }: SiteConfig,
  { record, changedAt }: { readonly record: (change: Recorded) => Promise<void>; readonly changedAt: number },
): Promise<void> {
  if (departments !== undefined) await applyDepartments(tx, site, departments, { record, changedAt })
  if (skills === undefined || isDeepStrictEqual(current.skills, skills)) return
  await saveSkills(tx, site, skills)
  await record({ action: 'skills.changed', subject: '', before: current.skills, after: skills })
}

async function applyDepartments(
  tx: Queryable,
  site: string,
  configured: Configured,
  { record, changedAt }: { readonly record: (change: Recorded) => Promise<void>; readonly changedAt: number },
): Promise<void> {
  const stored = await loadDepartments(tx, site)
  const wanted = Object.entries(configured).map(([key, rest]) => ({ key, ...rest }))
  refuseShared(wanted)
  const ended = stored.filter(({ key }) => !Object.hasOwn(configured, key))
  const lost = ended.filter((one) => !textsOf(one).every((text) => departmentNamed(wanted, text) !== undefined))
  if (lost.length > 0) {
    const details = lost.map(({ key }) => ({
      field: `config.departments.${key}`,
      message: 'exists and must not be left out: list its texts as aliases of another department, or archive it',
      reason: 'missing' as const,
    }))
    throw new AppError('missing_field', 'departments are not deleted', { details })
  }
  for (const { key, leadId: _leadId, ...before } of ended) {
    await deleteDepartment(tx, site, key)
    const into = departmentNamed(wanted, key)?.key
    await record({ action: 'department.merged', subject: key, before, after: { into } })
  }
  for (const after of wanted) {
    const { leadId, ...known } = stored.find(({ key }) => key === after.key) ?? {}
    if (isDeepStrictEqual(known, after)) continue
    await saveDepartment(tx, site, { ...after, ...(leadId !== undefined && { leadId }) }, changedAt)
    const { key, ...rest } = after
    const before = 'key' in known ? { name: known.name, aliases: known.aliases, archived: known.archived } : undefined
    await record({ action: 'department.saved', subject: key, before, after: rest })
  }
}

function refuseShared(wanted: readonly { readonly key: string; readonly aliases: readonly string[] }[]): void {
  const owners = new Map<string, string>()
  const details = wanted.flatMap((one) =>
    textsOf(one).flatMap((text, i) => {
      const owner = owners.get(text)
      owners.set(text, owner ?? one.key)
      if (owner === undefined) return []
      const field = i === 0 ? `config.departments.${one.key}` : `config.departments.${one.key}.aliases.${i - 1}`
      return [{ field, message: `${text} belongs to ${owner}`, reason: 'twice' as const }]
    }),
  )
  if (details.length > 0) throw new AppError('already_used', 'a text is listed for two departments', { details })
}
