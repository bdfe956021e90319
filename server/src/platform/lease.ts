import type { Queryable } from '@stagewatch/db/database.ts'

/**
 * One server instance at a time holds a lease. It runs out by the clock of the database, so that the instances need not
 * agree on the time, and another one takes over from an instance that has died.
 */
export async function holdLease(db: Queryable, name: string, owner: string, forMs: number): Promise<boolean> {
  const held = await db.query(
    `insert into leases (name, owner, expires_at) values ($1, $2, clock_timestamp() + $3::float8 * interval '1 ms')
     on conflict (name) do update set owner = excluded.owner, expires_at = excluded.expires_at
     where leases.owner = excluded.owner or leases.expires_at <= clock_timestamp()
     returning name`,
    [name, owner, forMs],
  )
  return held.length > 0
}

/** Lets go of everything that the instance holds, so that nobody waits for it after an orderly stop. */
export async function releaseLeases(db: Queryable, owner: string): Promise<void> {
  await db.query('delete from leases where owner = $1', [owner])
}
