import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships } from '@stagewatch/db/people-schema.ts'
import { departments } from '@stagewatch/db/team-schema.ts'
import type { Department } from '@stagewatch/shared/domain/departments.ts'
import { and, eq, sql } from 'drizzle-orm'

/** The departments that a site manages, by key. */
export async function loadDepartments(db: Queryable, site: string): Promise<Department[]> {
  const rows = await drizzleOn(db)
    .select({
      key: departments.key,
      name: departments.name,
      aliases: departments.aliases,
      archivedAt: departments.archivedAt,
      // A member who has left the site no longer leads a department there.
      leadId: memberships.userId,
    })
    .from(departments)
    .leftJoin(memberships, and(eq(memberships.site, departments.site), eq(memberships.userId, departments.leadId)))
    .where(eq(departments.site, site))
    .orderBy(sql`${departments.key} collate "C"`)
  return rows.map(({ leadId, archivedAt, aliases, ...row }) => ({
    ...row,
    aliases: [...aliases],
    ...(leadId !== null && { leadId }),
    archived: archivedAt !== null,
  }))
}

/** Creates or replaces a department. @param now epoch ms. */
export async function saveDepartment(tx: Queryable, site: string, one: Department, now: number): Promise<void> {
  const { key, name, aliases, leadId = null, archived } = one
  const values = { name, aliases: [...aliases], leadId, updatedAt: now }
  await drizzleOn(tx)
    .insert(departments)
    .values({ site, key, ...values, archivedAt: archived ? now : null })
    .onConflictDoUpdate({
      target: [departments.site, departments.key],
      set: {
        ...values,
        archivedAt: archived ? sql`coalesce(${departments.archivedAt}, excluded.archived_at)` : null,
      },
    })
}

export async function deleteDepartment(tx: Queryable, site: string, key: string): Promise<void> {
  await drizzleOn(tx)
    .delete(departments)
    .where(and(eq(departments.site, site), eq(departments.key, key)))
}
