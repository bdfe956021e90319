import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { newestMigration } from '@stagewatch/db/installed-versions.ts'
import { serverInstances } from '@stagewatch/db/versions-schema.ts'
import { and, gt, isNull, lt, sql } from 'drizzle-orm'

/** An instance that has not reported for so long is considered dead: its database may have been away for a while. */
export const deadAfterS = 60

/**
 * Whether a server instance of an earlier version runs on the database. Until it has ended, nothing is stored in a form
 * that it would misread.
 */
export async function isOlderRunning(db: Queryable): Promise<boolean> {
  const older = await drizzleOn(db)
    .select({ id: serverInstances.id })
    .from(serverInstances)
    .where(
      and(
        lt(serverInstances.newestMigration, newestMigration),
        isNull(serverInstances.stoppedAt),
        gt(serverInstances.seenAt, sql`now() - make_interval(secs => ${deadAfterS})`),
      ),
    )
    .limit(1)
  return older.length > 0
}
