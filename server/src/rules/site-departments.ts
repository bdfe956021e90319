import { isDeepStrictEqual } from 'node:util'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships } from '@stagewatch/db/people-schema.ts'
import { maxDepartments } from '@stagewatch/shared/contract/departments.ts'
import type { DepartmentSettings } from '@stagewatch/shared/contract/departments.ts'
import { departmentNamed, DepartmentTexts, mergedDepartments, textsOf } from '@stagewatch/shared/domain/departments.ts'
import type { Department } from '@stagewatch/shared/domain/departments.ts'
import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import { and, eq } from 'drizzle-orm'
import type { Actor } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { requireVersion } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { loadChoice, lockSite, saveChoice } from './catalog-table.ts'
import { deleteDepartment, loadDepartments, saveDepartment } from './departments-table.ts'
import { refuseUnknownCalendars } from './refuse-unknown-calendars.ts'
import { announceRules } from './rules-version.ts'
import type { CalendarChoice } from './site-calendars.ts'

/** The departments that a site manages, and their names for the texts in events. */
export class SiteDepartments {
  readonly #database: Database
  readonly #site: string
  readonly #clock: Clock
  #now: readonly Department[] = []
  #names: ReadonlyMap<string, LocalText> = new Map()
  #texts = new DepartmentTexts()

  constructor(database: Database, site: string, clock: Clock) {
    this.#database = database
    this.#site = site
    this.#clock = clock
  }

  /** By key. */
  get now(): readonly Department[] {
    return this.#now
  }

  /** The texts in events that name the same department. */
  get texts(): DepartmentTexts {
    return this.#texts
  }

  /** The name of the department that events name by the text; undefined if it is not managed. */
  nameOf(text: string): LocalText | undefined {
    return this.#names.get(text)
  }

  /** Loads what any server instance has written. */
  async read(): Promise<void> {
    this.#now = await loadDepartments(this.#database, this.#site)
    this.#texts = new DepartmentTexts(this.#now)
    this.#names = new Map(this.#now.flatMap((one) => textsOf(one).map((text) => [text, one.name] as const)))
  }

  /**
   * Creates or changes a department. Its calendar applies to all of its texts.
   * @throws AppError `conflict`; `already_used` when a text belongs to another department; `unknown_calendar`;
   * `invalid_field` when the lead is not a member of the site, or there are too many departments.
   */
  save(key: string, settings: DepartmentSettings, actor: Actor, expected: ExpectedVersion): Promise<void> {
    return this.#change(async (tx, { departments, choice }) => {
      const { lead: leadId, calendar, ...rest } = settings
      const stored = departments.find((one) => one.key === key)
      const before = stored && settingsOf(stored, choice)
      requireVersion(expected, { current: before, yours: settings })
      if (isDeepStrictEqual(before, settings)) return
      const after = { key, ...rest, ...(leadId !== undefined && { leadId }) }
      requireOwnTexts(departments, after)
      if (stored === undefined && departments.length >= maxDepartments) throw tooMany()
      if (leadId !== undefined && leadId !== stored?.leadId) await requireMember(tx, this.#site, leadId)
      if (calendar !== undefined) await refuseUnknownCalendars(tx, this.#site, [['calendar', calendar]])
      await saveDepartment(tx, this.#site, after, this.#clock.now())
      await this.#chooseCalendar(tx, choice, [...textsOf(stored ?? after), ...textsOf(after)], textsOf(after), calendar)
      await this.#record(tx, actor, 'department.saved', key, before, settings)
    })
  }

  /**
   * Merges a department with all its texts into another one; settings by text apply to both from then on.
   * @throws AppError `not_found` or `conflict`.
   */
  merge(key: string, into: string, actor: Actor, expected: ExpectedVersion): Promise<void> {
    return this.#change(async (tx, { departments, choice }) => {
      const ended = departments.find((one) => one.key === key)
      if (ended === undefined) throw new AppError('not_found', 'there is no such department', { field: 'key' })
      const before = settingsOf(ended, choice)
      requireVersion(expected, { current: before, yours: undefined })
      const target = mergedDepartments(departments, key, into)?.find((one) => one.key === into)
      if (target === undefined) {
        throw new AppError('invalid_field', 'is not another department of the site', { field: 'into', reason: 'wrong' })
      }
      await deleteDepartment(tx, this.#site, key)
      await saveDepartment(tx, this.#site, target, this.#clock.now())
      const calendar = choice.departments[into]
      await this.#chooseCalendar(tx, choice, textsOf(target), textsOf(target), calendar)
      await this.#record(tx, actor, 'department.merged', key, before, { into, aliases: target.aliases })
    })
  }

  /** Assigns the calendar to `texts`, and removes the assignment of all other `known` texts. */
  async #chooseCalendar(
    tx: Queryable,
    choice: CalendarChoice,
    known: readonly string[],
    texts: readonly string[],
    calendar: string | undefined,
  ): Promise<void> {
    const others = Object.entries(choice.departments).filter(([text]) => !known.includes(text))
    const own = calendar === undefined ? [] : texts.map((text) => [text, calendar] as const)
    const after = { ...choice, departments: Object.fromEntries([...others, ...own]) }
    if (!isDeepStrictEqual(choice, after)) await saveChoice(tx, this.#site, after)
  }

  #record(
    tx: Queryable,
    actor: Actor,
    action: 'department.saved' | 'department.merged',
    subject: string,
    before: unknown,
    after: unknown,
  ): Promise<void> {
    return recordChange(tx, this.#site, { changedAt: this.#clock.now(), actor, action, subject, before, after })
  }

  async #change(
    work: (
      tx: Queryable,
      stored: { readonly departments: readonly Department[]; readonly choice: CalendarChoice },
    ) => Promise<void>,
  ): Promise<void> {
    await this.#database.transaction(async (tx) => {
      await lockSite(tx, this.#site)
      const departments = await loadDepartments(tx, this.#site)
      await work(tx, { departments, choice: await loadChoice(tx, this.#site) })
      await announceRules(tx, this.#site)
    })
    await this.read()
  }
}

/** The editable settings of a department. */
export function settingsOf(
  { key, name, aliases, leadId, archived }: Department,
  choice: CalendarChoice,
): DepartmentSettings {
  const calendar = Object.hasOwn(choice.departments, key) ? choice.departments[key] : undefined
  return {
    name: { ...name },
    ...(leadId !== undefined && { lead: leadId }),
    ...(calendar !== undefined && { calendar }),
    aliases: [...aliases],
    archived,
  }
}

/** @throws AppError `already_used` with every text that is the key or an alias of another department. */
function requireOwnTexts(departments: readonly Department[], { key, aliases }: Department): void {
  const others = departments.filter((one) => one.key !== key)
  const fields = [['key', key] as const, ...aliases.map((text, i) => [`aliases.${i}`, text] as const)]
  const details = fields.flatMap(([field, text]) => {
    const owner = text === key && field !== 'key' ? key : departmentNamed(others, text)?.key
    return owner === undefined
      ? []
      : [{ field, message: `${text} belongs to ${owner}: merge the two`, reason: 'twice' as const }]
  })
  if (details.length > 0) throw new AppError('already_used', 'a text belongs to another department', { details })
}

function tooMany(): AppError {
  const message = `a site has at most ${maxDepartments} departments`
  return new AppError('invalid_field', message, { field: 'key', reason: 'too_many' })
}

async function requireMember(tx: Queryable, site: string, userId: string): Promise<void> {
  const found = await drizzleOn(tx)
    .select({ userId: memberships.userId })
    .from(memberships)
    .where(and(eq(memberships.site, site), eq(memberships.userId, userId)))
  if (found.length > 0) return
  throw new AppError('invalid_field', 'is not a member of the site', { field: 'lead', reason: 'wrong' })
}
