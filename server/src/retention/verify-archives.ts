import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archives } from '@stagewatch/db/retention-schema.ts'
import type { SealProblem } from '@stagewatch/shared/contract/audit.ts'
import { asc } from 'drizzle-orm'
import { loadArchivedLeaves } from '../audit/archived-leaves.ts'
import { streamTable } from '../audit/audit-streams.ts'
import type { ArchiveCheck } from '../audit/verify-seals.ts'
import { inStatements } from '../log/in-statements.ts'
import { ArchiveError } from './archive-directory.ts'
import { readArchive } from './archive-files.ts'
import { archiveParts } from './archive-parts.ts'
import type { ArchivePart } from './archive-part.ts'
import type { PartsKey } from './part-files.ts'
import type { LoggedEvent } from './archive-files.ts'
import { archivedJson, archivedRows } from './logged-events.ts'

/**
 * Compares the files of archives with the hashes with which their events were sealed.
 * @param directory Folder of all archives.
 */
export function archiveCheck(directory: string): ArchiveCheck {
  return async function* check(db: Queryable): AsyncGenerator<SealProblem> {
    const { id, site, name, eventsSha256, logSha256 } = archives
    const parts = {
      correctionCount: archives.correctionCount,
      correctionsSha256: archives.correctionsSha256,
      approvalCount: archives.approvalCount,
      approvalsSha256: archives.approvalsSha256,
    }
    const stored = await drizzleOn(db)
      .select({ id, site, name, eventsSha256, logSha256, ...parts })
      .from(archives)
      .orderBy(asc(site), asc(id))
    for (const archive of stored) {
      const problem = { kind: 'archive', site: archive.site, stream: 'events', archive: archive.name } as const
      const counts = { corrections: archive.correctionCount ?? 0, approvals: archive.approvalCount ?? 0 }
      for (const part of archiveParts) {
        const missing = counts[part.name]
        if (missing > 0 && !(await isReadable(part, directory, archive.site, archive))) yield { ...problem, missing }
      }
      const sealed = await loadArchivedLeaves(db, archive.site, archive.id)
      if (sealed.size === 0) continue
      const events = await readArchive(directory, archive.site, archive).catch((error: unknown) => {
        if (error instanceof ArchiveError) return undefined
        throw error
      })
      if (events === undefined) {
        yield { ...problem, missing: sealed.size }
        continue
      }
      const found = await leavesOf(db, archive.site, events)
      const differing = [...sealed].filter(([position, leaf]) => found.get(position) !== leaf)
      if (differing.length > 0) yield { ...problem, missing: differing.length }
    }
  }
}

/** Whether a part of an archive is as it was written. */
async function isReadable(part: ArchivePart, directory: string, site: string, archive: PartsKey): Promise<boolean> {
  try {
    await part.read(directory, site, archive)
    return true
  } catch (error) {
    if (error instanceof ArchiveError) return false
    throw error
  }
}

/** The hashes with which events of a file were sealed, by position. */
async function leavesOf(db: Queryable, site: string, events: readonly LoggedEvent[]): Promise<Map<bigint, string>> {
  const rows = await inStatements(events, (some) =>
    db.query<{ position: string; leaf: string }>(
      // Events from which personal data was removed before they were archived are not as they were sealed.
      `select r.position::text as position, coalesce(l.sealed, encode(${streamTable('events').leaf}, 'hex')) as leaf
       from (${archivedRows}) as r left join lateral (
         select (array_agg(before order by id))[1] as sealed, (array_agg(after order by id desc))[1] as redacted
         from audit_leaves l where l.stream = 'events' and l.position = r.position) as l on true
       where l.redacted is null or l.redacted = encode(${streamTable('events').leaf}, 'hex')`,
      [site, archivedJson(some)],
    ),
  )
  return new Map(rows.flat().map(({ position, leaf }) => [BigInt(position), leaf]))
}
