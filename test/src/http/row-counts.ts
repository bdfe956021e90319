import type { Queryable } from '@stagewatch/db/database.ts'

/** The number of rows in each table that stores events or their results. */
export async function rowCounts(database: Queryable): Promise<Readonly<Record<string, number>>> {
  const [counts] = await database.query<Record<string, number>>(
    `select (select count(*) from events)::int as events, (select count(*) from orders)::int as orders,
       (select count(*) from visits)::int as visits, (select count(*) from quarantine)::int as quarantine`,
  )
  if (counts === undefined) throw new Error('counting gave no row')
  return counts
}
