import type { Queryable } from '@stagewatch/db/database.ts'

/** Position of the newest event of all sites; 0: there is none. */
export async function loadPosition(db: Queryable): Promise<bigint> {
  const [row] = await db.query<{ position: string }>(
    'select position::text as position from events order by events.tx desc, events.position desc limit 1',
  )
  return BigInt(row?.position ?? '0')
}

/** Of two positions in the log the one further on. */
export function laterPosition(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
