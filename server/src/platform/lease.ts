import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { leases } from '@stagewatch/db/reactions-schema.ts'
import { databaseNow, inMs } from '@stagewatch/db/sql-expressions.ts'
import { eq, sql } from 'drizzle-orm'

/**
 * At most one server instance holds a lease. It expires by the clock of the database, so that the instances need not
 * agree on the time, and another instance takes over from one that has died.
 */
export async function holdLease(db: Queryable, name: string, owner: string, forMs: number): Promise<boolean> {
  const claim = { owner, expiresAt: inMs(forMs) }
  const held = await drizzleOn(db)
    .insert(leases)
    .values({ name, ...claim })
    .onConflictDoUpdate({
      target: leases.name,
      set: claim,
      setWhere: sql`${leases.owner} = ${owner} or ${leases.expiresAt} <= ${databaseNow}`,
    })
  return held.rowCount > 0
}

/** Releases every lease of the instance, so that nobody waits for it after an orderly shutdown. */
export async function releaseLeases(db: Queryable, owner: string): Promise<void> {
  await drizzleOn(db).delete(leases).where(eq(leases.owner, owner))
}
