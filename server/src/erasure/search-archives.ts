import { setImmediate } from 'node:timers/promises'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archives } from '@stagewatch/db/retention-schema.ts'
import { orders as orderRows } from '@stagewatch/db/schema.ts'
import type { ArchivesPreview } from '@stagewatch/shared/contract/erasures.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { and, asc, count, eq, gt, lt } from 'drizzle-orm'
import { readArchive } from '../retention/archive-files.ts'
import { toRefusal } from '../retention/archive-runner.ts'
import { approvalsPart } from '../retention/approvals-part.ts'
import type { ArchivedApproval } from '../retention/approvals-part.ts'
import { correctionsPart } from '../retention/corrections-part.ts'
import type { SearchedName } from './erased-places.ts'
import { freeTexts } from './erase-from-record.ts'

interface ArchiveSearch {
  readonly database: Database
  /** Folder of all archives. */
  readonly directory: string
  readonly site: string
  readonly name: SearchedName
  /** The last archive of the request before. 0: begin with the first. */
  readonly after: number
  /** Archives that one request looks through. */
  readonly maxArchives: number
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/**
 * Counts what archives contain with a name: the events, corrections and approvals of the orders that are not back in
 * the log.
 * @throws AppError `not_ready` if the files of an archive are missing or were changed.
 */
export async function searchArchives(search: ArchiveSearch): Promise<ArchivesPreview> {
  const { database, directory, site, name, after, maxArchives, signal } = search
  const { id, name: archiveName, eventsSha256, logSha256, correctionsSha256, approvalsSha256, restoredCount } = archives
  const isLater = (last: number) => and(eq(archives.site, site), gt(id, last), lt(restoredCount, archives.orderCount))
  const found = await drizzleOn(database)
    .select({ id, name: archiveName, eventsSha256, logSha256, correctionsSha256, approvalsSha256, restoredCount })
    .from(archives)
    .where(isLater(after))
    .orderBy(asc(id))
    .limit(maxArchives)
  const sum = { events: 0, rows: 0 }
  for (const archive of found) {
    signal.throwIfAborted()
    const events = await readArchive(directory, site, archive).catch(toRefusal)
    const corrections = await correctionsPart.read(directory, site, archive).catch(toRefusal)
    const approvals = await approvalsPart.read(directory, site, archive).catch(toRefusal)
    const archived = archive.restoredCount === 0 ? undefined : await ordersIn(database, site, archive.id)
    const isArchived = (order: string) => archived?.has(order) ?? true
    sum.events += events.filter(({ event }) => isArchived(event.order) && isNamedIn(event, name)).length
    sum.rows += corrections.filter(
      ({ orderId, removed, added }) => isArchived(orderId) && isStringOf([removed, added], name),
    ).length
    for (const approval of approvals) if (isArchived(approval.orderId)) sum.rows += rowsNaming(approval, name)
    await setImmediate()
  }
  const last = found.at(-1)?.id
  const [left] =
    last === undefined ? [] : await drizzleOn(database).select({ count: count() }).from(archives).where(isLater(last))
  const leftCount = left?.count ?? 0
  return {
    ...sum,
    searched: found.length,
    left: leftCount,
    ...(leftCount > 0 && last !== undefined && { next: last }),
  }
}

async function ordersIn(db: Queryable, site: string, archiveId: number): Promise<ReadonlySet<string>> {
  const rows = await drizzleOn(db)
    .select({ order: orderRows.orderId })
    .from(orderRows)
    .where(and(eq(orderRows.site, site), eq(orderRows.archiveId, archiveId)))
  return new Set(rows.map(({ order }) => order))
}

/** Number of rows that a removal changes once the approval is back, see `erasedPlaces`. */
function rowsNaming({ requester, flow, entries }: ArchivedApproval, name: SearchedName): number {
  const [plain] = name
  const named = entries.filter(
    ({ byName, forName, toName, comment }) =>
      [byName, forName, toName].includes(plain) || comment?.includes(plain) === true,
  )
  return named.length + (requester === plain || isStringOf(flow, name) ? 1 : 0)
}

/** Whether a removal changes the event once it is back in the log, see `findInPage`. */
function isNamedIn({ actor, data }: OrderEvent, name: SearchedName): boolean {
  const [plain] = name
  if (actor === plain || isStringOf(data, name)) return true
  return freeTexts.some((key) => {
    const text = data[key]
    return typeof text === 'string' && text.includes(plain)
  })
}

/** Whether a whole string of the value is the name, or a key. */
function isStringOf(value: unknown, [, inJson]: SearchedName): boolean {
  return JSON.stringify(value).includes(`"${inJson}"`)
}
