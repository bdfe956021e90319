import { isDeepStrictEqual } from 'node:util'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { calendarChoices, calendars, processes, sites } from '@stagewatch/db/schema.ts'
import { insertRows } from '@stagewatch/db/write-columns.ts'
import { calendarDefinition } from '@stagewatch/shared/contract/calendar.ts'
import { processDefinition } from '@stagewatch/shared/contract/process.ts'
import type { ProcessHistory, ProcessVersion } from '@stagewatch/shared/domain/process-history.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { CalendarChoice } from './site-calendars.ts'

/** All stored rules of a site. */
export interface StoredCatalog {
  readonly defaultProcess: string | undefined
  /** See `rules-version.ts`. */
  readonly rulesVersion: number
  readonly histories: readonly ProcessHistory[]
  readonly calendars: readonly CalendarDefinition[]
  readonly choice: CalendarChoice
}

export async function loadCatalog(database: Queryable, site: string): Promise<StoredCatalog> {
  // Read the version first: definitions newer than it are read again, older ones would never be refreshed.
  const [row] = await drizzleOn(database)
    .select({ defaultProcess: sites.defaultProcess, rulesVersion: sites.rulesVersion })
    .from(sites)
    .where(eq(sites.code, site))
  return {
    defaultProcess: row?.defaultProcess ?? undefined,
    rulesVersion: row?.rulesVersion ?? 0,
    histories: await loadHistories(database, site),
    calendars: await loadCalendars(database, site),
    choice: await loadChoice(database, site),
  }
}

/** Makes the process the default if there is none. @returns whether it did. */
export async function saveFirstDefault(tx: Queryable, site: string, process: string): Promise<boolean> {
  const saved = await drizzleOn(tx)
    .update(sites)
    .set({ defaultProcess: process })
    .where(and(eq(sites.code, site), isNull(sites.defaultProcess)))
  return saved.rowCount > 0
}

const versionColumns = { validFrom: processes.validFrom, definition: processes.definition }

async function loadHistories(db: Queryable, site: string): Promise<ProcessHistory[]> {
  const rows = await drizzleOn(db)
    .select({ code: processes.code, ...versionColumns })
    .from(processes)
    .where(eq(processes.site, site))
    .orderBy(processes.code, processes.validFrom)
  const histories = [...Map.groupBy(rows, ({ code }) => code).values()].map(historyOf)
  return histories.filter((history) => history !== undefined)
}

/** Any fixed number: first half of the advisory lock keys of processes; the second half is the process. */
const lockSpace = 7_246_003

/**
 * Makes this transaction the only one that changes the process until it ends, because a process that does not exist yet
 * has no row to lock. Taken after the lock on the rules.
 */
export async function lockProcess(tx: Queryable, site: string, process: string): Promise<void> {
  const key = `${site}\n${process}`
  await drizzleOn(tx).execute(sql`select pg_advisory_xact_lock(${lockSpace}, hashtext(${key}))::text`)
}

/** The versions of one process, locked until the transaction ends; undefined if there is none. */
export async function lockHistory(tx: Queryable, site: string, process: string): Promise<ProcessHistory | undefined> {
  const rows = await drizzleOn(tx)
    .select(versionColumns)
    .from(processes)
    .where(and(eq(processes.site, site), eq(processes.code, process)))
    .orderBy(processes.validFrom)
    .for('update')
  return historyOf(rows)
}

/** Start of validity of a version that has always been valid. */
const always = -Infinity

type VersionRow = Pick<typeof processes.$inferSelect, 'validFrom' | 'definition'>

function historyOf(rows: readonly VersionRow[]): ProcessHistory | undefined {
  const [first, ...later] = rows.map(({ validFrom, definition }): ProcessVersion => {
    const parsed = processDefinition.parse(definition)
    return validFrom === always ? { definition: parsed } : { validFrom, definition: parsed }
  })
  return first === undefined ? undefined : [first, ...later]
}

/** Writes the differences between two states of a process's versions. */
export async function saveHistory(
  tx: Queryable,
  site: string,
  before: readonly ProcessVersion[],
  after: ProcessHistory,
): Promise<void> {
  for (const { validFrom = always, definition } of before) {
    if (after.some((version) => (version.validFrom ?? always) === validFrom)) continue
    const { code } = definition
    await drizzleOn(tx)
      .delete(processes)
      .where(and(eq(processes.site, site), eq(processes.code, code), eq(processes.validFrom, validFrom)))
  }
  for (const version of after) {
    if (!before.some((other) => isDeepStrictEqual(other, version))) await saveVersion(tx, site, version)
  }
}

export async function saveVersion(
  tx: Queryable,
  site: string,
  { validFrom = always, definition }: ProcessVersion,
): Promise<void> {
  await drizzleOn(tx)
    .insert(processes)
    .values({ site, code: definition.code, validFrom, definition })
    .onConflictDoUpdate({
      target: [processes.site, processes.code, processes.validFrom],
      set: { definition, updatedAt: sql`now()` },
    })
}

async function loadCalendars(db: Queryable, site: string): Promise<CalendarDefinition[]> {
  const rows = await drizzleOn(db)
    .select({ definition: calendars.definition })
    .from(calendars)
    .where(eq(calendars.site, site))
    .orderBy(calendars.code)
  return rows.map(({ definition }) => calendarDefinition.parse(definition))
}

export async function loadCalendarCodes(db: Queryable, site: string): Promise<ReadonlySet<string>> {
  const rows = await drizzleOn(db).select({ code: calendars.code }).from(calendars).where(eq(calendars.site, site))
  return new Set(rows.map(({ code }) => code))
}

/** A calendar, locked until the transaction ends; undefined if there is none. */
export async function lockCalendar(tx: Queryable, site: string, code: string): Promise<CalendarDefinition | undefined> {
  const [row] = await drizzleOn(tx)
    .select({ definition: calendars.definition })
    .from(calendars)
    .where(and(eq(calendars.site, site), eq(calendars.code, code)))
    .for('update')
  return row && calendarDefinition.parse(row.definition)
}

export async function saveCalendar(tx: Queryable, site: string, definition: CalendarDefinition): Promise<void> {
  await drizzleOn(tx)
    .insert(calendars)
    .values({ site, code: definition.code, definition })
    .onConflictDoUpdate({ target: [calendars.site, calendars.code], set: { definition, updatedAt: sql`now()` } })
}

/** Serializes transactions that change data without a row of its own to lock. */
export async function lockSite(tx: Queryable, site: string): Promise<void> {
  await drizzleOn(tx).select({ code: sites.code }).from(sites).where(eq(sites.code, site)).for('update')
}

const ofSite = ''

export async function loadChoice(db: Queryable, site: string): Promise<CalendarChoice> {
  const rows = await drizzleOn(db)
    .select({ department: calendarChoices.department, calendar: calendarChoices.calendar })
    .from(calendarChoices)
    .where(eq(calendarChoices.site, site))
    .orderBy(calendarChoices.department)
  const choices = new Map(rows.map(({ department, calendar }) => [department, calendar]))
  const chosen = choices.get(ofSite)
  choices.delete(ofSite)
  return { ...(chosen !== undefined && { site: chosen }), departments: Object.fromEntries(choices) }
}

/** Replaces the choice of calendars. */
export async function saveChoice(
  tx: Queryable,
  site: string,
  { site: own, departments }: CalendarChoice,
): Promise<void> {
  const choices = [...Object.entries(departments), ...(own === undefined ? [] : [[ofSite, own] as const])]
  const insert = insertRows(calendarChoices, choices, {
    site: () => site,
    department: ([department]) => department,
    calendar: ([, calendar]) => calendar,
  })
  await drizzleOn(tx).delete(calendarChoices).where(eq(calendarChoices.site, site))
  await drizzleOn(tx).execute(insert)
}
