import { isDeepStrictEqual } from 'node:util'
import { dataDirectoryProblem, freeBytes } from '@stagewatch/db/data-directory.ts'
import { reservedBytes } from '@stagewatch/db/disk-space.ts'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { orders as orderRows, quarantine } from '@stagewatch/db/schema.ts'
import { databaseNow, epochMsOf } from '@stagewatch/db/sql-expressions.ts'
import { maxFindingNames } from '@stagewatch/shared/contract/server-status.ts'
import type { StatusCheck } from '@stagewatch/shared/contract/server-status.ts'
import { and, count, desc, eq, gte, isNull, ne, or, sql } from 'drizzle-orm'
import { ordersAreArchived } from './check-archives.ts'
import { diskLasts } from './check-disk.ts'
import { checkSurroundings } from './check-surroundings.ts'
import type { Surroundings } from './check-surroundings.ts'
import { describeBackups } from '../backup/scheduled-backups.ts'
import type { BackupSchedule } from '../backup/scheduled-backups.ts'
import type { ClockStep } from '../platform/clock/clock.ts'
import { plural } from '../platform/english-text.ts'
import type { TaskReport } from '../platform/background-tasks.ts'
import { noTransactionHoldsLog } from './check-open-transactions.ts'
import type { Check } from './check-open-transactions.ts'
import { foldInSlices } from '../projection/fold-orders.ts'
import { loadOrders } from '../projection/load-orders.ts'
import { isRebuildPending } from '../projection/pending-rebuild.ts'
import { loadLogs } from '../log/load-events.ts'
import { lateSources } from '../ingest/sources/source-registry.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { readerRole, readerTables } from '../access/read-as.ts'
import { missingHolidayYears } from '@stagewatch/shared/domain/time/holidays.ts'
import { calendarSpan } from '../engine/calendar-span.ts'

/** Warns an operator before nothing can be stored any more. */
const scarceBytes = 4 * reservedBytes

/** Number of orders that are folded again from the log and compared with the tables. */
const sampledOrders = 200
const clocksDifferMs = 30_000

/** State that only this server instance has. */
interface InstanceState {
  /** Time by its own clock, epoch ms. */
  readonly now: number
  readonly clockStep?: ClockStep | undefined
  readonly tasks?: readonly TaskReport[]
  readonly backups?: BackupSchedule | undefined
  readonly archiveDirectory: string
  readonly surroundings?: Surroundings
}

/** Checks that help an operator find the cause of a problem: the database, the log, the tables, or the senders. */
export async function checkHealth(
  database: Database,
  pipeline: SitePipeline,
  { now, clockStep, tasks = [], backups, archiveDirectory, surroundings }: InstanceState,
): Promise<Check[]> {
  const site = pipeline.site.code
  return [
    await databaseAnswers(database),
    await clockIsRight(database, now, clockStep),
    ...(database.dataDirectory === undefined ? [] : await dataDirectoryChecks(database.dataDirectory)),
    await diskLasts(database, { backups, archiveDirectory }),
    await ordersMatchLog(database, pipeline),
    await ordersAreRebuilt(database, site),
    engineMatchesTables(pipeline, await countOrders(database, site, pipeline.engine.ended.startsAt)),
    await quarantineIsEmpty(database, site),
    sourcesReport(pipeline),
    calendarsAreComplete(pipeline, now),
    await rowSecurityHolds(database),
    ...(await noTransactionHoldsLog(database)),
    await backupsAreMade(backups, now),
    await ordersAreArchived(database, pipeline, archiveDirectory, now),
    ...(surroundings === undefined ? [] : await checkSurroundings(database, site, surroundings)),
    ...tasksSucceed(tasks),
  ]
}

async function backupsAreMade(schedule: BackupSchedule | undefined, now: number): Promise<Check> {
  const { newest, ...state } = await describeBackups(schedule, now)
  const age = newest === undefined ? {} : { ms: Math.max(0, now - newest.completedAt), bytes: newest.bytes }
  return { name: 'backups', ...state, ...age }
}

async function databaseAnswers(database: Database): Promise<Check> {
  const begin = performance.now()
  const [row] = await drizzleOn(database).execute<{ version: string }>(
    sql`select current_setting('server_version') as version`,
  )
  const tookMs = Math.round(performance.now() - begin)
  const kind = database.kind === 'embedded' ? 'embedded PostgreSQL' : 'PostgreSQL'
  const message = `${kind} ${row?.version ?? ''} answered in ${tookMs} ms`
  return { name: 'database', ok: true, message, finding: 'database_answers', ms: tookMs }
}

async function dataDirectoryChecks(directory: string): Promise<Check[]> {
  const problem = await dataDirectoryProblem(directory)
  const free = await freeBytes(directory)
  const freeMegabytes = Math.floor(free / 1_048_576)
  return [
    {
      name: 'data directory',
      ok: problem === undefined,
      message: problem ?? `${directory} is not accessible to other users`,
      finding: problem === undefined ? 'directory_private' : 'directory_shared',
    },
    {
      name: 'disk',
      ok: free >= scarceBytes,
      message: `${freeMegabytes} MiB free; below ${reservedBytes / 1_048_576} MiB the server stops storing`,
      finding: free >= scarceBytes ? 'disk_enough' : 'disk_scarce',
      bytes: free,
    },
  ]
}

/** The database often runs on another machine, and two clocks that agree are rarely both wrong. */
async function clockIsRight(database: Database, now: number, step: ClockStep | undefined): Promise<Check> {
  const begin = performance.now()
  const [row] = await drizzleOn(database).execute<{ at: number }>(sql`select ${epochMsOf(databaseNow)} as at`)
  const aheadMs = now - (row?.at ?? now) + (performance.now() - begin) / 2
  const differs = Math.abs(aheadMs) > clocksDifferMs
  const place = differs
    ? `${spoken(aheadMs)} ${aheadMs < 0 ? 'behind' : 'ahead of'} the clock of the database`
    : 'in step with the clock of the database'
  const set =
    step === undefined
      ? ''
      : `; it was set ${step.byMs < 0 ? 'back' : 'forward'} by ${spoken(step.byMs)} at ${new Date(step.at).toISOString()}, or the machine was suspended`
  const message = `the server is ${place}${set}`
  if (differs) return { name: 'clock', ok: false, message, finding: 'clock_differs', ms: Math.abs(aheadMs) }
  if (step === undefined) return { name: 'clock', ok: true, message, finding: 'clock_right' }
  return { name: 'clock', ok: false, message, finding: 'clock_was_set', ms: Math.abs(step.byMs) }
}

function spoken(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1_000)
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3_600) % 24,
    Math.floor(seconds / 60) % 60,
  ]
  if (days > 0) return `${days} d ${hours} h`
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${seconds % 60} s`
}

async function ordersMatchLog(database: Database, { site, catalog }: SitePipeline): Promise<Check> {
  const sample = await drizzleOn(database)
    .select({ order: orderRows.orderId, events: orderRows.eventCount })
    .from(orderRows)
    .where(and(eq(orderRows.site, site.code), isNull(orderRows.archiveId)))
    .orderBy(sql`md5(${orderRows.orderId})`)
    .limit(sampledOrders)
  const orders = sample.map((row) => row.order)
  const stored = new Map((await loadOrders(database, site.code, orders)).map((order) => [order.order, order]))
  const wrong: string[] = []
  await database.transaction(async (tx) => {
    const counts = sample.map(({ order, events }) => [order, events] as const)
    for await (const logs of loadLogs(tx, site.code, counts)) {
      for (const [order, log] of logs) {
        const { eventCount, state } = await foldInSlices(order, log, 0, catalog)
        const { eventCount: storedCount, state: storedState } = stored.get(order) ?? {}
        const isEqual = eventCount === storedCount && isDeepStrictEqual(state?.visits, storedState?.visits)
        if (!isEqual) wrong.push(order)
      }
    }
  })
  const message =
    wrong.length === 0
      ? `${plural(orders.length, 'order replayed from the log matches', 'orders replayed from the log match')} the tables`
      : `${wrong.length} of ${plural(orders.length, 'order')} ${wrong.length === 1 ? 'differs' : 'differ'} from the log, run rebuild: ${wrong[0] ?? ''}`
  const counts = { count: wrong.length, total: orders.length }
  return wrong.length === 0
    ? { name: 'tables', ok: true, message, finding: 'tables_match', ...counts }
    : { name: 'tables', ok: false, message, finding: 'tables_differ', ...counts }
}

async function ordersAreRebuilt(database: Database, site: string): Promise<Check> {
  const isPending = await isRebuildPending(database, site)
  const message = isPending
    ? 'orders are being rebuilt after a change of rules or for a new version, and some are still in their old state: if that does not end, run rebuild'
    : 'no orders have to be rebuilt'
  return { name: 'rebuild', ok: !isPending, message, finding: isPending ? 'rebuild_pending' : 'rebuild_none' }
}

/** Number of orders in the time range that is kept in memory. */
async function countOrders(database: Database, site: string, endedSince: number): Promise<number> {
  const isHeld = or(isNull(orderRows.endedAt), gte(orderRows.endedAt, endedSince))
  const [row] = await drizzleOn(database)
    .select({ stored: count() })
    .from(orderRows)
    .where(and(eq(orderRows.site, site), ne(orderRows.status, 'void'), isHeld))
  return row?.stored ?? 0
}

function engineMatchesTables({ engine }: SitePipeline, stored: number): Check {
  const { size } = engine.orders
  const ok = size === stored
  const finding = ok ? 'engine_matches' : 'engine_differs'
  const message = `${plural(size, 'order')} in memory, ${stored} in the database`
  return { name: 'engine', ok, message, finding, count: size, total: stored }
}

async function quarantineIsEmpty(database: Database, site: string): Promise<Check> {
  const rows = await drizzleOn(database)
    .select({ code: quarantine.code, events: count() })
    .from(quarantine)
    .where(eq(quarantine.site, site))
    .groupBy(quarantine.code)
    .orderBy(desc(count()))
  const message = rows.map(({ code, events }) => `${events} ${code}`).join(', ')
  if (rows.length === 0)
    return { name: 'quarantine', ok: true, message: 'no rejected events', finding: 'quarantine_empty' }
  const advice = `${message}; see: stagewatch quarantine list`
  const total = rows.reduce((sum, { events }) => sum + events, 0)
  return { name: 'quarantine', ok: false, message: advice, finding: 'quarantine_filled', count: total }
}

function sourcesReport(pipeline: SitePipeline): Check {
  const late = lateSources(pipeline.sources.freshness())
  if (late.length === 0) return { name: 'sources', ok: true, message: 'no source is late', finding: 'sources_report' }
  const message = `late: ${late.join(', ')}`
  return { name: 'sources', ok: false, message, finding: 'sources_late', ...firstOf(late) }
}

/** Whether the database enforces the row policies of readers as well. */
async function rowSecurityHolds(db: Queryable): Promise<Check> {
  const [row] = await drizzleOn(db).execute<{ canBeReader: boolean; isOwner: boolean; unreadable: string[] }>(sql`
    with reader as (select oid from pg_roles where rolname = ${readerRole})
    select exists (select from reader where pg_has_role(oid, 'member')) as "canBeReader",
      (select pg_has_role(relowner, 'member') from pg_class where oid = 'orders'::regclass) as "isOwner",
      array(select name from reader, unnest(${sql.param([...readerTables])}::text[]) as name
        where not has_table_privilege(reader.oid, name, 'select')) as unreadable`)
  const unreadable = row?.unreadable ?? []
  const ok = row?.canBeReader === true && row.isOwner && unreadable.length === 0
  const message = ok ? 'row security also restricts what people can read' : advice()
  return { name: 'row security', ok, message, finding: ok ? 'rows_secured' : 'rows_unsecured' }

  function advice(): string {
    if (row?.isOwner === false)
      return 'the tables belong to a role other than that of DATABASE_URL, which therefore sees no rows'
    if (row?.canBeReader === true)
      return `people cannot read some tables: the owner of the tables has to run "grant select on ${unreadable.join(', ')} to ${readerRole}"`
    return `there is no row security for people: a superuser has to run "create role ${readerRole}; grant ${readerRole} to <user>; grant select on ${readerTables.join(', ')} to ${readerRole}; grant execute on function stagewatch_read_site, stagewatch_reads_all, stagewatch_read_departments, stagewatch_reads_order to ${readerRole}"`
  }
}

/** Notices of public holidays are published in the last weeks before their year, so none is expected earlier. */
const noticeMs = 60 * 86_400_000

/** Whether every referenced calendar exists, and has the holidays of the years that are in use. */
function calendarsAreComplete({ engine, catalog }: SitePipeline, now: number): Check {
  const { from, to } = calendarSpan(engine, now)
  const codes = new Set(catalog.calendars.map(({ code }) => code))
  const unknown = namedCalendars(catalog).filter((code) => !codes.has(code))
  const gaps = catalog.calendars.map((calendar) => ({
    code: calendar.code,
    years: missingHolidayYears(calendar, from, to),
    urgent: missingHolidayYears(calendar, from, now + noticeMs).length > 0,
  }))
  const found = [
    ...unknown.map((code) => `${code} is referenced but not defined, so it has no effect`),
    ...gaps
      .filter(({ years }) => years.length > 0)
      .map(({ code, years }) => `${code} has no holidays for ${years.join(', ')}`),
  ]
  const pressing = [...unknown, ...gaps.filter(({ urgent }) => urgent).map(({ code }) => code)]
  const message =
    found.length === 0
      ? codes.size === 1
        ? '1 calendar, complete'
        : `${codes.size} calendars, all complete`
      : found.join('; ')
  return pressing.length === 0
    ? { name: 'calendars', ok: true, message, finding: 'calendars_complete', count: codes.size }
    : { name: 'calendars', ok: false, message, finding: 'calendars_incomplete', ...firstOf(pressing) }
}

/** Codes of the calendars that the stages of any version, departments and the site refer to. */
function namedCalendars(catalog: SitePipeline['catalog']): string[] {
  const { site, departments } = catalog.calendarChoice
  const ofStages = catalog
    .histories()
    .flatMap((history) => history.flatMap(({ definition }) => definition.stages.map(({ calendar }) => calendar)))
  const named = [...ofStages, ...Object.values(departments), site].filter((code) => code !== undefined)
  return [...new Set(named)].toSorted()
}

function tasksSucceed(tasks: readonly TaskReport[]): Check[] {
  if (tasks.length === 0) return []
  const failing = tasks.flatMap(({ name, lastError }) => (lastError === undefined ? [] : `${name}: ${lastError}`))
  const ranCount = tasks.filter(({ lastRunAt }) => lastRunAt !== undefined).length
  const message =
    failing.length === 0
      ? `${ranCount} of ${tasks.length} background tasks have run on this server instance; no last run failed`
      : `failed in their last run: ${failing.join('; ')}`
  if (failing.length === 0) {
    return [{ name: 'background tasks', ok: true, message, finding: 'tasks_succeed', count: ranCount }]
  }
  const names = tasks.filter(({ lastError }) => lastError !== undefined).map(({ name }) => name)
  return [{ name: 'background tasks', ok: false, message, finding: 'tasks_failing', ...firstOf(names) }]
}

/** The number of names, and the first of them. */
function firstOf(names: readonly string[]): Pick<StatusCheck, 'count' | 'names'> {
  return { count: names.length, names: names.slice(0, maxFindingNames) }
}
