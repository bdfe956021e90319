import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archives } from '@stagewatch/db/retention-schema.ts'
import { and, asc, eq, lt } from 'drizzle-orm'
import { AppError } from '../platform/app-error.ts'
import { deleteArchiveFiles } from './archive-directory.ts'
import { readArchive } from './archive-files.ts'
import { archiveParts } from './archive-parts.ts'
import { toRefusal } from './archive-runner.ts'
import { restoreArchived } from './restore-archived.ts'
import type { RestoreContext } from './restore-archived.ts'

/**
 * Brings back all archives whose files contain a text, and deletes these files, so that it can be removed from the log. The orders are archived again later.
 * @throws AppError `not_ready` if the files of an archive are missing or were changed.
 */
export async function restoreNamed(context: RestoreContext, text: string): Promise<void> {
  const { database, pipeline, directory } = context
  const site = pipeline.site.code
  const { id, name, eventsSha256, logSha256, correctionsSha256, approvalsSha256 } = archives
  const on = drizzleOn(database)
  const stored = await on
    .select({ id, name, eventsSha256, logSha256, correctionsSha256, approvalsSha256 })
    .from(archives)
    .where(and(eq(archives.site, site), lt(archives.restoredCount, archives.orderCount)))
    .orderBy(asc(id))
  const written = JSON.stringify(text).slice(1, -1)
  for (const archive of stored) {
    const events = await readArchive(directory, site, archive).catch(toRefusal)
    const isNamed = (one: unknown) => JSON.stringify(one).includes(written)
    let isFound = events.some(({ event }) => isNamed(event))
    for (const part of archiveParts)
      isFound ||= (await part.read(directory, site, archive).catch(toRefusal)).some(isNamed)
    if (!isFound) continue
    await restoreArchived(context, { archive: archive.name }).catch((error: unknown) => {
      // Another server instance has just restored it.
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error
    })
    const deleted = await on
      .delete(archives)
      .where(and(eq(archives.site, site), eq(id, archive.id), eq(archives.restoredCount, archives.orderCount)))
      .returning({ id })
    const others = await on
      .select({ id })
      .from(archives)
      .where(and(eq(archives.site, site), eq(name, archive.name)))
    if (deleted.length > 0 && others.length === 0) await deleteArchiveFiles(directory, site, archive.name)
  }
}
