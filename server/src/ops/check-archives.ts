import type { Database } from '@stagewatch/db/database.ts'
import { plural } from '../platform/english-text.ts'
import { ArchiveError, requireWritable } from '../retention/archive-directory.ts'
import { failureOf, loadRun } from '../retention/archive-runs-table.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { Check } from './check-open-transactions.ts'

/** A day, and the time that a run may take. */
const lateAfterMs = 26 * 3_600_000

/** Whether the events of ended orders are archived as the site wants it. */
export async function ordersAreArchived(
  database: Database,
  { site, retention }: SitePipeline,
  directory: string,
  now: number,
): Promise<Check> {
  const name = 'archives'
  const months = retention.now.archiveAfterMonths
  if (months === undefined)
    return { name, ok: true, message: 'the site keeps the events of all orders', finding: 'archives_off' }
  const problem = await requireWritable(directory, site.code).catch((error: unknown) => {
    if (error instanceof ArchiveError) return error.message
    throw error
  })
  if (problem !== undefined) return { name, ok: false, message: problem, finding: 'archives_failing' }
  const run = await loadRun(database, site.code)
  if (run !== undefined && run.failure !== null) {
    const message = `the last run failed (${failureOf(run)}), and nothing more was archived: ${run.failure.message}`
    return { name, ok: false, message, finding: 'archives_failing' }
  }
  if (run === undefined)
    return { name, ok: true, message: 'archiving begins within the hour', finding: 'archives_waiting' }
  const ms = Math.max(0, now - run.begunAt)
  const hours = Math.round(ms / 3_600_000)
  if (ms > lateAfterMs) {
    const message = `the last run was ${hours} h ago: see the log of the server for the task archive-orders`
    return { name, ok: false, message, finding: 'archives_late', ms }
  }
  const message = `the last run was ${hours} h ago and archived ${plural(run.orderCount, 'order')} with ${plural(run.eventCount, 'event')}; those had ended more than ${plural(months, 'month')} before`
  return { name, ok: true, message, finding: 'archives_recent', ms, count: run.orderCount }
}
