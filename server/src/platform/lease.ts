import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { leases } from '@stagewatch/db/reactions-schema.ts'
import { databaseNow, inMs, isBeyondLease } from '@stagewatch/db/sql-expressions.ts'
import { eq, sql } from 'drizzle-orm'

/**
 * At most one server instance holds a lease. It expires by the clock of the database, so that the instances need not
 * agree on the time, and another instance takes over from one that has died. After that clock was set back, it lasts no
 * longer than it would have lasted from now on.
 */
export async function holdLease(db: Queryable, name: string, owner: string, forMs: number): Promise<boolean> {
  const expiresAt = inMs(forMs)
  const isFree = sql`(${leases.owner} = ${owner} or ${leases.expiresAt} <= ${databaseNow})`
  const held = await drizzleOn(db)
    .insert(leases)
    .values({ name, owner, expiresAt })
    .onConflictDoUpdate({
      target: leases.name,
      set: { owner: sql`case when ${isFree} then ${owner} else ${leases.owner} end`, expiresAt },
      setWhere: sql`${isFree} or ${isBeyondLease(leases.expiresAt, forMs)}`,
    })
    .returning({ owner: leases.owner })
  return held[0]?.owner === owner
}

/** Releases every lease of the instance, so that nobody waits for it after an orderly shutdown. */
export async function releaseLeases(db: Queryable, owner: string): Promise<void> {
  await drizzleOn(db).delete(leases).where(eq(leases.owner, owner))
}
