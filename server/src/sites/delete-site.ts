import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { jobs, transitions } from '@stagewatch/db/reactions-schema.ts'
import { archives } from '@stagewatch/db/retention-schema.ts'
import { events, quarantine, sites, stageHours } from '@stagewatch/db/schema.ts'
import { sources } from '@stagewatch/db/sources-schema.ts'
import { eq } from 'drizzle-orm'
import type { Actor } from '../access/actor.ts'
import { AppError } from '../platform/app-error.ts'
import { recordChange } from '../access/changes-table.ts'
import { lockRules } from '../rules/rules-version.ts'
import { mainSite } from '../platform/site.ts'

/** Tables in which a site without events may have rows that are not deleted by cascade; its audit entries are kept. */
const tables = [sources, quarantine, stageHours, transitions, jobs] as const

/** @throws AppError `not_found`, or `conflict` if it contains events or is the main site. */
export async function deleteSite(database: Database, code: string, actor: Actor, changedAt: number): Promise<void> {
  if (code === mainSite) throw new AppError('conflict', 'the main site cannot be deleted', { field: 'code' })
  await database.transaction(async (tx) => {
    // Once this lock is held, earlier writers have committed their events, and later ones do not find the site.
    await lockRules(tx, code)
    const on = drizzleOn(tx)
    const [site] = await on.select({ code: sites.code }).from(sites).where(eq(sites.code, code)).for('update')
    if (site === undefined) throw new AppError('not_found', 'there is no such site', { field: 'code' })
    const stored = await on.select({ id: events.id }).from(events).where(eq(events.site, code)).limit(1)
    const archived = await on.select({ id: archives.id }).from(archives).where(eq(archives.site, code)).limit(1)
    if (stored.length + archived.length > 0)
      throw new AppError('conflict', 'the site has events and cannot be deleted', { field: 'code' })
    for (const table of tables) await on.delete(table).where(eq(table.site, code))
    await on.delete(sites).where(eq(sites.code, code))
    const change = { changedAt, actor, action: 'site.deleted', subject: code, before: site, after: undefined } as const
    await recordChange(tx, code, change)
  })
}
