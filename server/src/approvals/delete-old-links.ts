import { approvalLinks, approvals } from '@stagewatch/db/approvals-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { and, eq, isNotNull, lt, sql } from 'drizzle-orm'

/** How long an expired link is answered with the reason instead of as unknown. */
const keptDays = 90

/** Deletes expired links. Those of a running approval are kept, because they say who was notified. */
export async function deleteOldLinks(db: Queryable): Promise<void> {
  const on = drizzleOn(db)
  const hasEnded = on
    .select({ id: approvals.id })
    .from(approvals)
    .where(
      and(
        eq(approvals.site, approvalLinks.site),
        eq(approvals.id, approvalLinks.approvalId),
        isNotNull(approvals.outcome),
      ),
    )
  await on
    .delete(approvalLinks)
    .where(and(lt(approvalLinks.expiresAt, sql`now() - make_interval(days => ${keptDays})`), sql`exists ${hasEnded}`))
}
