import { epochMs } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'

const hourMs = 3_600_000

/**
 * The full hour, epoch ms, from which on a site has no more than so many ended visits; -Infinity: it never had more.
 */
export async function loadMemoryBegin(db: Queryable, site: string, mostVisits: number): Promise<number> {
  const [row] = await db.query<{ leftAt: number }>(
    `select ${epochMs('left_at')} as "leftAt" from visits where site = $1 and left_at is not null
     order by left_at desc offset $2 limit 1`,
    [site, mostVisits],
  )
  return row === undefined ? -Infinity : (Math.floor(row.leftAt / hourMs) + 1) * hourMs
}
