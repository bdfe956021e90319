import { epochMs, toInstant } from '@stagewatch/db/database.ts'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { calendarDefinition } from '@stagewatch/shared/contract/calendar.ts'
import { processDefinition } from '@stagewatch/shared/contract/process.ts'
import type { ProcessHistory, ProcessVersion } from '@stagewatch/shared/domain/process-history.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import type { CalendarChoice } from './site-calendars.ts'

/** Everything that the tables say of a site's rules. */
export interface StoredCatalog {
  readonly defaultProcess: string | undefined
  /** See `rules-version.ts`. */
  readonly rulesVersion: number
  readonly histories: readonly ProcessHistory[]
  readonly calendars: readonly CalendarDefinition[]
  readonly choice: CalendarChoice
}

export async function loadCatalog(database: Database, site: string): Promise<StoredCatalog> {
  // The version first: definitions that are newer than it are read again, older ones would stay.
  const [row] = await database.query<{ defaultProcess: string | null; rulesVersion: number }>(
    'select default_process as "defaultProcess", rules_version as "rulesVersion" from sites where code = $1',
    [site],
  )
  return {
    defaultProcess: row?.defaultProcess ?? undefined,
    rulesVersion: row?.rulesVersion ?? 0,
    histories: await loadHistories(database, site),
    calendars: await loadCalendars(database, site),
    choice: await loadChoice(database, site),
  }
}

interface VersionRow {
  readonly validFrom: number | null
  readonly definition: unknown
}

const versionColumns = `case when valid_from > '-infinity' then ${epochMs('valid_from')} end as "validFrom", definition`

async function loadHistories(db: Queryable, site: string): Promise<ProcessHistory[]> {
  const rows = await db.query<VersionRow & { code: string }>(
    `select code, ${versionColumns} from processes where site = $1 order by code, valid_from`,
    [site],
  )
  const histories = [...Map.groupBy(rows, ({ code }) => code).values()].map(historyOf)
  return histories.filter((history) => history !== undefined)
}

/** Any fixed number: first half of the key of the advisory locks on processes, whose second half is the process. */
const lockSpace = 7_246_003

/**
 * Makes this transaction the only one that changes the process until it ends: of a process that does not exist yet there
 * is no row to be locked. Taken after the lock on the rules.
 */
export async function lockProcess(tx: Queryable, site: string, process: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(${lockSpace}, hashtext($1 || chr(10) || $2))::text`, [site, process])
}

/** The versions of one process, which nobody else changes before the transaction ends; undefined: there is none. */
export async function lockHistory(tx: Queryable, site: string, process: string): Promise<ProcessHistory | undefined> {
  const rows = await tx.query<VersionRow>(
    `select ${versionColumns} from processes where site = $1 and code = $2 order by valid_from for update`,
    [site, process],
  )
  return historyOf(rows)
}

function historyOf(rows: readonly VersionRow[]): ProcessHistory | undefined {
  const [first, ...later] = rows.map(({ validFrom, definition }): ProcessVersion => {
    const parsed = processDefinition.parse(definition)
    return validFrom === null ? { definition: parsed } : { validFrom: Math.round(validFrom), definition: parsed }
  })
  return first === undefined ? undefined : [first, ...later]
}

export async function saveVersion(
  tx: Queryable,
  site: string,
  { validFrom, definition }: ProcessVersion,
): Promise<void> {
  await tx.query(
    `insert into processes (site, code, valid_from, definition)
     values ($1, $2, coalesce(${toInstant('$3::float8')}, '-infinity'), $4::text::jsonb)
     on conflict (site, code, valid_from) do update set definition = excluded.definition, updated_at = now()`,
    [site, definition.code, validFrom ?? null, JSON.stringify(definition)],
  )
}

async function loadCalendars(db: Queryable, site: string): Promise<CalendarDefinition[]> {
  const rows = await db.query<{ definition: unknown }>(
    'select definition from calendars where site = $1 order by code',
    [site],
  )
  return rows.map(({ definition }) => calendarDefinition.parse(definition))
}

/** A calendar that nobody else changes before the transaction ends; undefined: there is none. */
export async function lockCalendar(tx: Queryable, site: string, code: string): Promise<CalendarDefinition | undefined> {
  const [row] = await tx.query<{ definition: unknown }>(
    'select definition from calendars where site = $1 and code = $2 for update',
    [site, code],
  )
  return row && calendarDefinition.parse(row.definition)
}

export async function saveCalendar(tx: Queryable, site: string, definition: CalendarDefinition): Promise<void> {
  await tx.query(
    `insert into calendars (site, code, definition) values ($1, $2, $3::text::jsonb)
     on conflict (site, code) do update set definition = excluded.definition, updated_at = now()`,
    [site, definition.code, JSON.stringify(definition)],
  )
}

/** What has no row of its own to lock is changed by one transaction at a time. */
export async function lockSite(tx: Queryable, site: string): Promise<void> {
  await tx.query('select from sites where code = $1 for update', [site])
}

const ofSite = ''

export async function loadChoice(db: Queryable, site: string): Promise<CalendarChoice> {
  const rows = await db.query<{ department: string; calendar: string }>(
    'select department, calendar from calendar_choices where site = $1 order by department',
    [site],
  )
  const choices = new Map(rows.map(({ department, calendar }) => [department, calendar]))
  const chosen = choices.get(ofSite)
  choices.delete(ofSite)
  return { ...(chosen !== undefined && { site: chosen }), departments: Object.fromEntries(choices) }
}

/** Replaces what was chosen. */
export async function saveChoice(
  tx: Queryable,
  site: string,
  { site: own, departments }: CalendarChoice,
): Promise<void> {
  const rows = [...Object.entries(departments), ...(own === undefined ? [] : [[ofSite, own] as const])]
  await tx.query('delete from calendar_choices where site = $1', [site])
  await tx.query(
    `insert into calendar_choices (site, department, calendar)
     select $1, department, calendar from unnest($2::text[], $3::text[]) as t(department, calendar)`,
    [site, rows.map(([department]) => department), rows.map(([, calendar]) => calendar)],
  )
}
