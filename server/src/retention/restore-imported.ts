import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archives } from '@stagewatch/db/retention-schema.ts'
import { and, asc, eq, lt, sql } from 'drizzle-orm'
import type { RestoredOfImport, RestoreImported } from '../ingest/batches/undo-import.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { readArchive } from './archive-files.ts'
import { toRefusal } from './archive-runner.ts'
import { importsOf } from './archive-slice.ts'
import { restoreArchived } from './restore-archived.ts'
import type { RestoreContext } from './restore-archived.ts'

interface RestorerOptions extends Pick<RestoreContext, 'database' | 'directory'> {
  readonly clock: Clock
  readonly sites: Pick<SiteRegistry, 'get'>
}

export function importRestorer({ clock, sites, ...options }: RestorerOptions): RestoreImported {
  return async (site, importId, actor) =>
    restoreImported({ ...options, pipeline: await sites.get(site), actor, now: clock.now() }, importId)
}

/** Archives per call that are only looked through; reading one takes some 50 ms. */
const maxRead = 20

/**
 * Brings back one archive with events of an import, so that they can be voided. Its orders are archived again later.
 * @returns the number of orders that are back, and whether no archive has events of the import any more.
 * @throws AppError `not_ready` if the files of an archive are missing or were changed.
 */
async function restoreImported(context: RestoreContext, importId: number): Promise<RestoredOfImport> {
  const { database, pipeline, directory } = context
  const site = pipeline.site.code
  const on = drizzleOn(database)
  const { id, name, eventsSha256, logSha256, importIds } = archives
  for (let read = 0; read < maxRead; read += 1) {
    const [archive] = await on
      .select({ id, name, eventsSha256, logSha256, importIds })
      .from(archives)
      .where(
        and(
          eq(archives.site, site),
          lt(archives.restoredCount, archives.orderCount),
          sql`(${importIds} is null or ${importIds} @> array[${importId}::int8])`,
        ),
      )
      .orderBy(asc(id))
      .limit(1)
    if (archive === undefined) return { orders: 0, isDone: true }
    if (archive.importIds === null) {
      const ids = importsOf(await readArchive(directory, site, archive).catch(toRefusal))
      await on
        .update(archives)
        .set({ importIds: ids })
        .where(and(eq(archives.site, site), eq(id, archive.id)))
      continue
    }
    try {
      const { orders } = await restoreArchived(context, { archive: archive.name })
      return { orders, isDone: false }
    } catch (error) {
      // Another request has just restored it.
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error
    }
  }
  return { orders: 0, isDone: false }
}
