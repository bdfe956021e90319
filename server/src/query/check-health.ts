import { toInstant } from '@stagewatch/db/database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import type { DoctorReport } from '@stagewatch/shared/contract/admin.ts'
import { calendarsAreComplete } from './check-calendars.ts'
import { secondWallStands } from './check-second-wall.ts'
import { foldAgain } from '../fold/fold-orders.ts'
import { loadOrders } from '../fold/load-orders.ts'
import { loadEvents } from '../log/load-events.ts'
import { lateSources } from '../ingest/late-sources.ts'
import type { SitePipeline } from '../pipeline.ts'

type Check = DoctorReport['checks'][number]

/** Orders that are folded again from the log and compared with the tables. */
const sampledOrders = 200

/** What an operator wants to know when something looks wrong: is it the database, the log, the tables, or the senders? */
export async function checkHealth(database: Database, pipeline: SitePipeline, now: number): Promise<Check[]> {
  const site = pipeline.site.code
  return [
    await databaseAnswers(database),
    await ordersMatchLog(database, pipeline),
    engineMatchesTables(pipeline, await countOrders(database, site, pipeline.engine.ended.beginsAt)),
    await quarantineIsEmpty(database, site),
    sourcesReport(pipeline),
    calendarsAreComplete(pipeline, now),
    await secondWallStands(database),
  ]
}

async function databaseAnswers(database: Database): Promise<Check> {
  const begin = performance.now()
  const [row] = await database.query<{ version: string }>(`select current_setting('server_version') as version`)
  const tookMs = Math.round(performance.now() - begin)
  const kind = database.kind === 'embedded' ? 'embedded PostgreSQL' : 'PostgreSQL'
  return { name: 'database', ok: true, message: `${kind} ${row?.version ?? ''} answered in ${tookMs} ms` }
}

async function ordersMatchLog(database: Database, { site, catalog }: SitePipeline): Promise<Check> {
  const sample = await database.query<{ order: string }>(
    'select order_id as "order" from orders where site = $1 order by md5(order_id) limit $2',
    [site.code, sampledOrders],
  )
  const orders = sample.map((row) => row.order)
  const logs = await loadEvents(database, site.code, orders)
  const stored = await loadOrders(database, site.code, orders)
  const wrong = stored.filter(({ order, state, eventCount }) => {
    const folded = foldAgain(order, logs.get(order) ?? [], 0, catalog)
    return folded.eventCount !== eventCount || !sameVisits(folded.state?.visits, state?.visits)
  })
  const message =
    wrong.length === 0
      ? `${orders.length} orders folded again from the log equal the tables`
      : `${wrong.length} of ${orders.length} orders differ from the log, run rebuild: ${wrong[0]?.order ?? ''}`
  return { name: 'tables', ok: wrong.length === 0, message }
}

function sameVisits(a: readonly object[] = [], b: readonly object[] = []): boolean {
  return a.length === b.length && a.every((visit, i) => sameFields(visit, b[i] ?? {}))
}

function sameFields(a: object, b: object): boolean {
  const sorted = (value: object) => JSON.stringify(Object.entries(value).toSorted(([x], [y]) => (x < y ? -1 : 1)))
  return sorted(a) === sorted(b)
}

/** Those that memory reaches. */
async function countOrders(database: Database, site: string, endedSince: number): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `select count(*)::float8 as count from orders where site = $1 and status <> 'void'
       and (ended_at is null or ended_at >= coalesce(${toInstant('$2::float8')}, '-infinity'))`,
    [site, endedSince === -Infinity ? null : endedSince],
  )
  return row?.count ?? 0
}

function engineMatchesTables({ engine }: SitePipeline, stored: number): Check {
  const ok = engine.orderCount === stored
  return { name: 'engine', ok, message: `${engine.orderCount} orders in memory, ${stored} in the database` }
}

async function quarantineIsEmpty(database: Database, site: string): Promise<Check> {
  const rows = await database.query<{ code: string; count: number }>(
    'select code, count(*)::float8 as count from quarantine where site = $1 group by code order by 2 desc',
    [site],
  )
  const message = rows.map(({ code, count }) => `${count} ${code}`).join(', ')
  return { name: 'quarantine', ok: rows.length === 0, message: message === '' ? 'no rejected events' : message }
}

function sourcesReport(pipeline: SitePipeline): Check {
  const late = lateSources(pipeline.sources())
  return {
    name: 'sources',
    ok: late.length === 0,
    message: late.length === 0 ? 'no source is late' : `late: ${late.join(', ')}`,
  }
}
