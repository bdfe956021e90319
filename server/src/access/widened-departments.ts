import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { departments } from '@stagewatch/db/team-schema.ts'
import { sql } from 'drizzle-orm'
import type { SQL, SQLWrapper } from 'drizzle-orm'

/**
 * Extends a list of texts by all others with which events name the same departments of the site: `widenedScope` of the
 * domain, in SQL. Null means all departments.
 */
export function widenedTexts(site: SQLWrapper, texts: SQLWrapper): SQL {
  const all = sql`(${departments.key} || ${departments.aliases})`
  return sql`case when ${texts} is null then null else array(
    select unnest(${texts})
    union
    select unnest(${all}) from ${departments} where ${departments.site} = ${site} and ${all} && ${texts}) end`
}

/** The same for a list in memory. */
export async function widenDepartments(db: Queryable, site: string, texts: readonly string[]): Promise<string[]> {
  const asked = sql`${sql.param(texts)}::text[]`
  const [row] = await drizzleOn(db).execute<{ texts: string[] }>(
    sql`select ${widenedTexts(sql`${site}`, asked)} as texts`,
  )
  return row?.texts ?? [...texts]
}
