import { openDatabase } from '@stagewatch/db/open-database.ts'
import { takeTurns } from './contender.ts'
import type { DatabasePlace, TurnSize } from './ingest-settings.ts'
import { orderEvents } from './order-events.ts'
import type { SentEvent } from './order-events.ts'

type InsertSettings = DatabasePlace & TurnSize

/** The lower bound: only inserts the rows of the events table, prepared before the clock starts. */
const { databaseUrl, dataDirectory, events, batch, connections }: InsertSettings = JSON.parse(process.argv[2] ?? '{}')
const { database } = await openDatabase({ databaseUrl, dataDirectory })

const insertEvents = `
  insert into events (site, origin, source, id, type, order_id, stage, occurred_at, actor, data, content_hash)
  select 'main', 'bench', source, id, type, order_id, stage, occurred_at::timestamptz, actor, data::jsonb, content_hash
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
    as t(source, id, type, order_id, stage, occurred_at, actor, data, content_hash)
  on conflict (site, source, id) do nothing`
const contentHash = 'd41d8cd98f00b204e9800998ecf8427e'

function columnsOf(rows: readonly SentEvent[]): unknown[] {
  return [
    rows.map(({ source }) => source),
    rows.map(({ id }) => id),
    rows.map(({ type }) => type),
    rows.map(({ order }) => order),
    rows.map(({ stage }) => stage ?? null),
    rows.map(({ occurredAt }) => occurredAt),
    rows.map(({ actor }) => actor ?? null),
    rows.map(({ data }) => JSON.stringify(data ?? {})),
    rows.map(() => contentHash),
  ]
}

async function insertAll(batches: unknown[][]): Promise<void> {
  for (let columns = batches.pop(); columns !== undefined; columns = batches.pop())
    await database.query(insertEvents, columns)
}

takeTurns(async (run) => {
  const all = orderEvents(events, run, Date.now())
  const batches = Array.from({ length: Math.ceil(events / batch) }, (_, i) =>
    columnsOf(all.slice(i * batch, (i + 1) * batch)),
  )
  return async () => {
    await Promise.all(Array.from({ length: connections }, () => insertAll(batches)))
  }
})
