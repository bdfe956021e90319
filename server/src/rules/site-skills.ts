import { isDeepStrictEqual } from 'node:util'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { sites } from '@stagewatch/db/schema.ts'
import { skills } from '@stagewatch/shared/contract/team.ts'
import type { Skill } from '@stagewatch/shared/contract/team.ts'
import { eq } from 'drizzle-orm'
import type { Actor } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import { requireVersion } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'

/** The skills that people of the site can have. */
export async function loadSkills(db: Queryable, site: string): Promise<Skill[]> {
  return storedIn(await select(db, site))
}

export async function saveSkills(tx: Queryable, site: string, after: readonly Skill[]): Promise<void> {
  await drizzleOn(tx).update(sites).set({ skills: after }).where(eq(sites.code, site))
}

/** @throws AppError `conflict` when somebody else has changed them. */
export async function changeSkills(
  database: Database,
  site: string,
  after: readonly Skill[],
  {
    actor,
    expected,
    changedAt,
  }: { readonly actor: Actor; readonly expected: ExpectedVersion; readonly changedAt: number },
): Promise<void> {
  await database.transaction(async (tx) => {
    const before = storedIn(await select(tx, site).for('update'))
    requireVersion(expected, { current: before, yours: after })
    if (isDeepStrictEqual(before, after)) return
    await saveSkills(tx, site, after)
    await recordChange(tx, site, { changedAt, actor, action: 'skills.changed', subject: '', before, after })
  })
}

function select(db: Queryable, site: string) {
  return drizzleOn(db).select({ stored: sites.skills }).from(sites).where(eq(sites.code, site))
}

function storedIn([row]: readonly { readonly stored: unknown }[]): Skill[] {
  return skills.parse(row?.stored ?? [])
}
