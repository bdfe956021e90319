import type { Queryable } from '@stagewatch/db/database.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'

/** All stored rows of a site except positions in the log, by table. */
export async function storedRows(database: Queryable, { site: { code }, catalog }: SitePipeline) {
  const rows = async (table: string, left: readonly string[], order: string) =>
    database.query<object>(
      `select (to_jsonb(t) - 'site' - $2::text[])::text as row from ${table} t where site = $1 order by ${order}, 1`,
      [code, left],
    )
  return {
    events: await rows('events', ['position', 'tx', 'recorded_at', 'import_id'], 'source, id'),
    orders: await rows('orders', [], 'order_id'),
    visits: await rows('visits', [], 'order_id, visit_index'),
    // `events` lists events of the same instant in the order of reading.
    corrections: await rows('corrections', ['id', 'recorded_at', 'events'], 'order_id'),
    quarantine: await rows('quarantine', ['id', 'received_at'], 'source, event_id'),
    stages: catalog.list().map((process) => process.stages.map(({ code: stage }) => stage).toSorted()),
  }
}
