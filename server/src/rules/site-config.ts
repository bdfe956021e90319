import { isDeepStrictEqual } from 'node:util'
import type { Queryable } from '@stagewatch/db/database.ts'
import { maxConfigFields } from '@stagewatch/shared/contract/site-config.ts'
import type { ConfigDifference, SiteConfig } from '@stagewatch/shared/contract/site-config.ts'
import { changedFields } from '@stagewatch/shared/domain/changed-fields.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import type { Actor } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import type { RecordedChange } from '../access/changes-table.ts'
import { AppError } from '../platform/app-error.ts'
import { requireVersion, versionOf } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { loadCatalog, lockProcess, lockSite, saveCalendar, saveChoice } from './catalog-table.ts'
import type { ConfigSection } from './config-section.ts'
import { applyTeam, loadConfiguredDepartments } from './configured-departments.ts'
import { changeProcess } from './change-process.ts'
import { calendarsOfChoice, calendarsOfProcess } from './refuse-unknown-calendars.ts'
import { lockRules } from './rules-version.ts'
import { loadPrivacy, savePrivacy } from './site-privacy.ts'
import { loadRetention, saveRetention } from './site-retention.ts'
import { loadSkills } from './site-skills.ts'
import { loadTranslations, saveTranslations } from './site-translations.ts'

/** Who replaces the configuration of a site, and why. */
export interface ConfigChange {
  readonly actor: Actor
  readonly reason: string
  /** Expected version of the whole current configuration, see `versionOf`. */
  readonly expected: ExpectedVersion
  /** Epoch ms. */
  readonly changedAt: number
}

/** The configuration of a site as stored in the tables, with its keys in alphabetical order. */
export async function loadConfig(db: Queryable, site: string, sections: readonly ConfigSection[]): Promise<SiteConfig> {
  const { histories, calendars, choice } = await loadCatalog(db, site)
  const config = {
    format: 'stagewatch-config',
    version: 1,
    processes: Object.fromEntries(histories.map((history) => [history[0].definition.code, [...history]])),
    calendars: Object.fromEntries(calendars.map((calendar) => [calendar.code, calendar])),
    calendarChoice: choice,
    privacy: await loadPrivacy(db, site),
    retention: await loadRetention(db, site),
    translations: await loadTranslations(db, site),
    departments: await loadConfiguredDepartments(db, site),
    skills: await loadSkills(db, site),
  } as const
  const more: Partial<SiteConfig>[] = []
  for (const { load } of sections) more.push(await load(db, site))
  return sorted(Object.assign({}, config, ...more) as SiteConfig)
}

/** The differences between two configurations. */
export function differenceOf(current: SiteConfig, other: SiteConfig): ConfigDifference {
  // Files leave out sections that they do not change, and older files do not know all of them.
  const fields = changedFields(current, { ...current, ...other })
  const shown = fields.slice(0, maxConfigFields).map(({ path, before, after }) => ({
    path,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  }))
  return { version: versionOf(current), fields: shown, total: fields.length }
}

/**
 * Applies a configuration to a site, or changes nothing. To be called in a transaction that announces the rules.
 * @returns the differences, and whether existing orders fold differently now.
 * @throws AppError `conflict` when the current configuration is not the expected one; `unknown_calendar`;
 * `missing_field` when a process or a calendar of the site is missing, since nothing that orders have passed may be
 * deleted.
 */
export async function applyConfig(
  tx: Queryable,
  site: string,
  config: SiteConfig,
  { expected, ...change }: ConfigChange,
  sections: readonly ConfigSection[],
): Promise<{ readonly difference: ConfigDifference; readonly foldsOtherwise: boolean }> {
  await lockRules(tx, site)
  // Locks processes before the site, in the same order as learning stages does.
  for (const process of Object.keys(config.processes).toSorted()) await lockProcess(tx, site, process)
  await lockSite(tx, site)
  const current = await loadConfig(tx, site, sections)
  requireVersion(expected, { current, yours: config })
  refuseMissing(current, config)
  refuseUnknown(config)
  const record = (more: Pick<RecordedChange, 'action' | 'subject' | 'before' | 'after'>) =>
    recordChange(tx, site, { ...change, ...more })
  for (const [code, after] of Object.entries(config.calendars)) {
    const before = Object.hasOwn(current.calendars, code) ? current.calendars[code] : undefined
    if (isDeepStrictEqual(before, after)) continue
    await saveCalendar(tx, site, after)
    await record({ action: 'calendar.saved', subject: code, before, after })
  }
  if (!isDeepStrictEqual(current.calendarChoice, config.calendarChoice)) {
    await saveChoice(tx, site, config.calendarChoice)
    await record({
      action: 'calendars.chosen',
      subject: '',
      before: current.calendarChoice,
      after: config.calendarChoice,
    })
  }
  if (!isDeepStrictEqual(current.privacy, config.privacy)) {
    await savePrivacy(tx, site, config.privacy)
    await record({ action: 'privacy.changed', subject: '', before: current.privacy, after: config.privacy })
  }
  if (config.retention !== undefined && !isDeepStrictEqual(current.retention, config.retention)) {
    await saveRetention(tx, site, config.retention)
    await record({ action: 'retention.changed', subject: '', before: current.retention, after: config.retention })
  }
  if (!isDeepStrictEqual(current.translations, config.translations)) {
    await saveTranslations(tx, site, config.translations)
    await record({
      action: 'translations.changed',
      subject: '',
      before: current.translations,
      after: config.translations,
    })
  }
  await applyTeam(tx, site, current, config, { record, changedAt: change.changedAt })
  let foldsOtherwise = false
  for (const [process, [first, ...later]] of Object.entries(config.processes)) {
    if (first === undefined) continue
    const versions: ProcessHistory = [first, ...later]
    const saving = { ...change, action: 'process.saved', process, versions: () => versions } as const
    foldsOtherwise = (await changeProcess(tx, site, saving)) || foldsOtherwise
  }
  for (const section of sections)
    await section.apply(tx, site, config, { current, record, changedAt: change.changedAt })
  return { difference: differenceOf(current, config), foldsOtherwise }
}

function refuseMissing(current: SiteConfig, config: SiteConfig): void {
  const details = (['processes', 'calendars'] as const).flatMap((kind) =>
    Object.keys(current[kind])
      .filter((code) => !Object.hasOwn(config[kind], code))
      .map((code) => ({
        field: `config.${kind}.${code}`,
        message: 'exists and must not be left out: the configuration cannot delete it',
        reason: 'missing' as const,
      })),
  )
  if (details.length > 0) throw new AppError('missing_field', 'processes and calendars are not deleted', { details })
}

function refuseUnknown({ processes, calendars, calendarChoice }: SiteConfig): void {
  const ofProcesses = Object.entries(processes).flatMap(([code, versions]) =>
    versions.flatMap(({ definition }, i) =>
      calendarsOfProcess(definition).map(
        ([field, named]) => [`processes.${code}.${i}.definition.${field}`, named] as const,
      ),
    ),
  )
  const ofChoice = calendarsOfChoice(calendarChoice).map(
    ([field, named]) => [`calendarChoice.${field}`, named] as const,
  )
  const details = [...ofProcesses, ...ofChoice]
    .filter(([, named]) => !Object.hasOwn(calendars, named))
    .map(([field, named]) => ({ field: `config.${field}`, message: `the configuration has no calendar ${named}` }))
  if (details.length > 0) throw new AppError('unknown_calendar', 'there is no such calendar', { details })
}

/** The same value with the keys of all its objects in alphabetical order. */
function sorted<T>(value: T): T {
  if (Array.isArray(value)) return value.map((each: unknown) => sorted(each)) as T
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted<unknown>(each)])) as T
}
