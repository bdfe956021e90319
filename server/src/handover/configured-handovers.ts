import { isDeepStrictEqual } from 'node:util'
import type { Queryable } from '@stagewatch/db/database.ts'
import type { HandoverSettings } from '@stagewatch/shared/contract/handover.ts'
import { AppError } from '../platform/app-error.ts'
import type { ConfigSection } from '../rules/config-section.ts'
import { loadDepartments } from '../rules/departments-table.ts'
import { loadSettings, saveSettings, settingsOf, usualSettings } from './handovers-table.ts'

type Configured = Omit<HandoverSettings, 'leads'>

/**
 * Which departments hand their shifts over, without the people who are notified; these stay as they are. A department
 * that is left out has the usual settings: it makes no handovers.
 */
export const handoversSection: ConfigSection = {
  async load(db, site) {
    const { leads: _leads, ...usual } = usualSettings
    const stored = await loadSettings(db, site)
    const own = stored.map((row) => [row.department, configuredOf(settingsOf(row))] as const)
    return { handovers: Object.fromEntries(own.filter(([, settings]) => !isDeepStrictEqual(settings, usual))) }
  },
  async apply(tx, site, { handovers: wanted }, { record, changedAt }) {
    if (wanted === undefined) return
    const stored = new Map((await loadSettings(tx, site)).map((row) => [row.department, settingsOf(row)]))
    const departments = new Set([...stored.keys(), ...Object.keys(wanted)])
    await refuseUnknown(
      tx,
      site,
      Object.keys(wanted).filter((key) => !stored.has(key)),
    )
    for (const department of departments) {
      const before = stored.get(department) ?? usualSettings
      const own = Object.hasOwn(wanted, department) ? wanted[department] : undefined
      const after = { ...(own ?? usualSettings), leads: before.leads }
      if (isDeepStrictEqual(before, after)) continue
      await saveSettings(tx, site, department, after, changedAt)
      await record({ action: 'handover.set-up', subject: department, before, after })
    }
  },
}

function configuredOf({ leads: _leads, ...configured }: HandoverSettings): Configured {
  return configured
}

async function refuseUnknown(tx: Queryable, site: string, keys: readonly string[]): Promise<void> {
  const known = new Set((keys.length === 0 ? [] : await loadDepartments(tx, site)).map(({ key }) => key))
  const details = keys
    .filter((key) => !known.has(key))
    .map((key) => ({
      field: `config.handovers.${key}`,
      message: 'is not the key of a department: add it to the departments, or leave it out',
      reason: 'wrong' as const,
    }))
  if (details.length > 0) throw new AppError('invalid_field', 'there is no such department', { details })
}
