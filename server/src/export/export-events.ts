import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archives } from '@stagewatch/db/retention-schema.ts'
import { orders, processes } from '@stagewatch/db/schema.ts'
import { instantOf } from '@stagewatch/shared/domain/rfc3339.ts'
import { and, eq, isNotNull, sql } from 'drizzle-orm'
import { rawEvent } from '../ingest/parse/raw-event.ts'
import { ownSource } from '../ingest/commit/withdrawals.ts'
import { AppError } from '../platform/app-error.ts'
import { loadSite } from '../sites/sites-table.ts'
import { csvHeader, csvRows } from './events-csv.ts'
import type { ExportFormat, ExportProgress, ExportSummary } from './export-summary.ts'
import { ExportCounts } from './export-summary.ts'
import type { EventChoice } from './read-log.ts'
import { loadVoided, readLog } from './read-log.ts'
import { visitsAsXes } from './visits-xes.ts'

export interface ExportOptions {
  readonly site: string
  readonly format: ExportFormat
  /** Only what happened from this instant or day on: RFC 3339, or `YYYY-MM-DD` in the time zone of the site. */
  readonly from?: string | undefined
  /** Only what happened before this instant or day. */
  readonly to?: string | undefined
  /** Only orders of this process. */
  readonly process?: string | undefined
  readonly progress?: ExportProgress
}

export interface RunningExport {
  /** The text of the file. What follows is read from the database when it is asked for. */
  readonly pieces: AsyncIterable<string>
  /** Complete once all pieces have been read. */
  readonly summary: () => ExportSummary
}

/** @throws AppError `not_found`, `unknown_process` or `invalid_field` before the first piece. */
export async function exportEvents(database: Database, options: ExportOptions): Promise<RunningExport> {
  const { site: code, process, format, progress = () => {} } = options
  const site = await loadSite(database, code)
  if (site === undefined) throw new AppError('not_found', `there is no site ${code}`, { field: 'site' })
  if (process !== undefined) await requireProcess(database, code, process)
  const from = boundOf('from', options.from, site.timeZone)
  const to = boundOf('to', options.to, site.timeZone)
  if (from !== undefined && to !== undefined && from >= to)
    throw new AppError('invalid_field', 'must be later than from', { field: 'to', reason: 'out_of_order' })
  const counts = new ExportCounts()
  const archived = format === 'xes' ? 0 : await countArchived(database, code, process)
  if (archived > 0) counts.leaveOut('archived', archived)
  const write = { ndjson: ndjsonPieces, csv: csvPieces, xes: visitsAsXes }[format]
  const choice = { site: code, from, to, process }
  return { pieces: write(database, choice, counts, progress), summary: () => counts.summary(format) }
}

async function requireProcess(database: Database, site: string, code: string): Promise<void> {
  const [known] = await drizzleOn(database)
    .select({ code: processes.code })
    .from(processes)
    .where(and(eq(processes.site, site), eq(processes.code, code)))
    .limit(1)
  if (known === undefined)
    throw new AppError('unknown_process', `the site has no process ${code}`, { field: 'process' })
}

/** Events that an export of any period does not contain, because they are archived. */
async function countArchived(database: Database, site: string, process: string | undefined): Promise<number> {
  const [first] = await drizzleOn(database)
    .select({ id: archives.id })
    .from(archives)
    .where(eq(archives.site, site))
    .limit(1)
  if (first === undefined) return 0
  const ofProcess = process === undefined ? undefined : eq(orders.process, process)
  const [row] = await drizzleOn(database.longRunning)
    .select({ events: sql<number>`coalesce(sum(${orders.eventCount}), 0)::float8` })
    .from(orders)
    .where(and(eq(orders.site, site), isNotNull(orders.archiveId), ofProcess))
  return row?.events ?? 0
}

/** Epoch ms; undefined if there is no bound. */
function boundOf(field: 'from' | 'to', text: string | undefined, timeZone: string): number | undefined {
  if (text === undefined) return undefined
  const at = instantOf(text) ?? startOfDay(text, timeZone)
  if (at !== undefined) return at
  throw new AppError(
    'invalid_field',
    'must be a day such as 2026-11-22, or a time with an offset such as 2026-11-22T08:15:00+08:00',
    { field, reason: 'not_time' },
  )
}

function startOfDay(text: string, timeZone: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined
  try {
    return Temporal.PlainDate.from(text).toZonedDateTime(timeZone).epochMilliseconds
  } catch {
    return undefined
  }
}

async function* ndjsonPieces(
  database: Database,
  choice: EventChoice,
  counts: ExportCounts,
  progress: ExportProgress,
): AsyncGenerator<string> {
  for await (const { events, ratio } of readLog(database, choice)) {
    // The server withdraws events whose process does not have their stage, and decides anew where they are read in.
    const said = events.filter(({ source }) => source !== ownSource)
    if (said.length < events.length) counts.leaveOut('withdrawals', events.length - said.length)
    counts.written += said.length
    if (said.length > 0) yield said.map((event) => `${JSON.stringify(rawEvent(event))}\n`).join('')
    progress(ratio, counts.written)
  }
}

async function* csvPieces(
  database: Database,
  choice: EventChoice,
  counts: ExportCounts,
  progress: ExportProgress,
): AsyncGenerator<string> {
  yield csvHeader
  for await (const { events, ratio } of readLog(database, choice)) {
    const voided = await loadVoided(database, choice.site, events)
    const rows = csvRows(events, voided, counts)
    if (rows !== '') yield rows
    progress(ratio, counts.written)
  }
}
