import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { jobs, transitions } from '@stagewatch/db/reactions-schema.ts'
import { events, quarantine, sites, stageHours } from '@stagewatch/db/schema.ts'
import { sources } from '@stagewatch/db/sources-schema.ts'
import { eq } from 'drizzle-orm'
import type { Actor } from '../access/actor.ts'
import { AppError } from '../platform/app-error.ts'
import { recordChange } from '../access/changes-table.ts'
import { lockRules } from '../rules/rules-version.ts'
import { mainSite } from '../platform/site.ts'

/** What a site without events can have beside the rows that go with it; what was changed of it stays on record. */
const tables = [sources, quarantine, stageHours, transitions, jobs] as const

/** @throws AppError `not_found`, or `conflict` when it holds events or is the main one. */
export async function deleteSite(database: Database, code: string, actor: Actor, changedAt: number): Promise<void> {
  if (code === mainSite) throw new AppError('conflict', 'the main site stays', { field: 'code' })
  await database.transaction(async (tx) => {
    // Whoever is adding events has done so when this is held, and whoever comes later finds no site.
    await lockRules(tx, code)
    const on = drizzleOn(tx)
    const [site] = await on.select({ code: sites.code }).from(sites).where(eq(sites.code, code)).for('update')
    if (site === undefined) throw new AppError('not_found', 'there is no such site', { field: 'code' })
    const stored = await on.select({ id: events.id }).from(events).where(eq(events.site, code)).limit(1)
    if (stored.length > 0) throw new AppError('conflict', 'the site holds events, which are kept', { field: 'code' })
    for (const table of tables) await on.delete(table).where(eq(table.site, code))
    await on.delete(sites).where(eq(sites.code, code))
    const change = { changedAt, actor, action: 'site.deleted', subject: code, before: site, after: undefined } as const
    await recordChange(tx, code, change)
  })
}
