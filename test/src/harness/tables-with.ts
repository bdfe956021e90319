import type { Queryable } from '@stagewatch/db/database.ts'

/** The names of the tables, of any schema of the product, in which a row contains the text in readable form. */
export async function tablesWith(database: Queryable, text: string): Promise<string[]> {
  const tables = await database.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema') order by 1`,
  )
  const found: string[] = []
  for (const { name } of tables) {
    // As JSON, which escapes some characters, and as text, which does not.
    const rows = await database.query(
      `select from ${name} t where strpos(t::text, $1) > 0 or strpos(to_jsonb(t)::text, $1) > 0 limit 1`,
      [text],
    )
    if (rows.length > 0) found.push(name.replace(/^public\./, ''))
  }
  return found
}
