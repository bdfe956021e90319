import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships } from '@stagewatch/db/people-schema.ts'
import { eq } from 'drizzle-orm'
import type { Actor } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import type { RecordedChange } from '../access/changes-table.ts'

export interface AccountChange {
  readonly userId: string
  readonly email: string
  readonly actor: Actor
  readonly action: RecordedChange['action']
  readonly before?: unknown
  readonly after?: unknown
}

/**
 * Records a change of an account at each site that its owner belongs to, because an account does not belong to a single
 * site. To be called in the transaction of the change.
 */
export async function recordAccountChange(tx: Queryable, change: AccountChange, now: number): Promise<void> {
  const { userId, email, actor, action, before, after } = change
  const sites = await drizzleOn(tx)
    .select({ site: memberships.site })
    .from(memberships)
    .where(eq(memberships.userId, userId))
    .orderBy(memberships.site)
  for (const { site } of sites) {
    await recordChange(tx, site, { changedAt: now, actor, action, subject: email, before, after })
  }
}
