import { epochMsOf } from '@stagewatch/db/sql-expressions.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archives } from '@stagewatch/db/retention-schema.ts'
import { events, orders, visits } from '@stagewatch/db/schema.ts'
import type { LagDimension } from '@stagewatch/shared/contract/analysis.ts'
import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import { and, desc, eq, gte, isNotNull, lt, max, not, sql } from 'drizzle-orm'
import type { SQL, SQLWrapper } from 'drizzle-orm'
import type { ScanWatch } from '../engine/scans/scan-watch.ts'

/** Number of log positions read at a time. The embedded database holds the event loop meanwhile. */
const pageSize = 1_000
/** No query reads more log positions than this. */
const maxLookedAt = 300_000
/** A transaction's timestamp is its start, but its place in the log is its sequence number. */
const disorderMs = 3_600_000

/** Which events of a site are read. */
export interface EventSelection {
  /** When they were recorded, epoch ms: inclusive, exclusive. */
  readonly period: { readonly from: number; readonly to: number }
  /** By what they are grouped. */
  readonly by: LagDimension
  /**
   * Filters by the order of the event and the department that had it then. Excludes the events of missing orders, whose
   * attributes are unknown. Undefined: all events, whether imported or not.
   */
  readonly choice: Choice | undefined
}

/** Selected events of one name. */
export interface EventGroup {
  /** Null: the events have none. */
  readonly name: string | null
  /** Process of the orders. Null if the events are not grouped by stage. */
  readonly process: string | null
  /** Epoch ms. An event has the same place in both lists; there is no other order. */
  readonly occurredAt: readonly number[]
  readonly recordedAt: readonly number[]
}

export interface EventPage {
  readonly groups: readonly EventGroup[]
  /** Number of imported events of the period if there is a choice, which they are not subject to. */
  readonly importedCount: number
}

/** Where reading stopped: nothing older has been read. */
export interface LogEnd {
  /** Epoch ms. Undefined if everything since the start of the period has been read. */
  readonly reachesBackTo: number | undefined
}

/**
 * The selected events of a site, the last recorded ones first, one page at a time. The log of all sites is read in log
 * order, for which it has an index, up to a maximum number of positions. The database groups them: a page of rows would
 * hold the event loop for longer than everything that is computed from them.
 */
export async function* recordedEvents(
  db: Queryable,
  site: string,
  selection: EventSelection,
  watch: ScanWatch,
): AsyncGenerator<EventPage, LogEnd> {
  const { to } = selection.period
  // Some of the events up to then are no longer in the log, and the others would give wrong figures.
  const archivedTo = await lastArchived(db, site, selection.period.from)
  const from = archivedTo === undefined ? selection.period.from : archivedTo + 1
  const reachesBackTo = archivedTo === undefined ? undefined : Math.min(from, to)
  let before: Place | undefined
  for (let lookedAt = 0; lookedAt < maxLookedAt; lookedAt += pageSize) {
    watch.check()
    const page = await readPage(db, site, { ...selection, period: { from, to } }, before)
    if (page === undefined) return { reachesBackTo }
    yield page
    if (page.lookedAt < pageSize || page.newestAt < from - disorderMs) return { reachesBackTo }
    before = page.last
    if (lookedAt + pageSize >= maxLookedAt) return { reachesBackTo: Math.max(from, page.last.recordedAt) }
  }
  return { reachesBackTo }
}

/** When the last archived event since an instant was recorded, epoch ms. */
async function lastArchived(db: Queryable, site: string, since: number): Promise<number | undefined> {
  const [row] = await drizzleOn(db)
    .select({ at: max(archives.lastRecordedAt) })
    .from(archives)
    .where(and(eq(archives.site, site), gte(archives.lastRecordedAt, since)))
  return row?.at ?? undefined
}

interface Place {
  readonly tx: string
  readonly position: bigint
}

interface ReadPage extends EventPage {
  /** Number of log positions, of all sites. */
  readonly lookedAt: number
  readonly newestAt: number
  /** The oldest position. */
  readonly last: Place & { readonly recordedAt: number }
}

async function readPage(
  db: Queryable,
  site: string,
  { period, by, choice }: EventSelection,
  before: Place | undefined,
): Promise<ReadPage | undefined> {
  const on = drizzleOn(db)
  const { tx, position, orderId, source, stage, actor, occurredAt, recordedAt, imported } = events
  const page = on.$with('page').as(
    on
      .select({ site: events.site, tx, position, orderId, source, stage, actor, occurredAt, recordedAt, imported })
      .from(events)
      .where(before && sql`(${tx}, ${position}) < (${before.tx}::text::xid8, ${String(before.position)}::bigint)`)
      .orderBy(desc(tx), desc(position))
      .limit(pageSize),
  )
  const inPeriod = and(eq(page.site, site), gte(page.recordedAt, period.from), lt(page.recordedAt, period.to))
  const wanted = on.$with('wanted').as(
    on
      .select()
      .from(page)
      .where(choice === undefined ? inPeriod : and(inPeriod, not(page.imported))),
  )
  const department = sql`coalesce((
    select ${visits.department} from ${visits}
    where site = ${site} and order_id = told.order_id and visit_index = told.visit_index
  ), ${orders.department})`
  const names = { source: sql`told.source`, stage: sql`told.stage`, actor: sql`told.actor`, department }
  const seesDepartments = by === 'department' || choice?.department !== undefined
  const groups = sql`
    select ${names[by]} as name, ${by === 'stage' ? orders.process : sql`null`} as process,
      array_agg(${epochMsOf(sql`told.occurred_at`)}) as occurred,
      array_agg(${epochMsOf(sql`told.recorded_at`)}) as recorded
    from ${seesDepartments ? withLastVisits(site, wanted) : wanted} as told
    left join ${orders} on ${and(eq(orders.site, site), eq(orders.orderId, sql`told.order_id`))}
    where ${choice === undefined ? sql`true` : isChosen(choice, department)}
    group by 1, 2`
  const [row] = await on
    .with(page, wanted)
    .select({
      lookedAt: sql`count(*) over ()`.mapWith(Number),
      newestAt: sql`max(${page.recordedAt}) over ()`.mapWith(recordedAt),
      importedCount: sql`count(*) filter (where ${and(inPeriod, page.imported)}) over ()`.mapWith(Number),
      tx: page.tx,
      position: page.position,
      recordedAt: page.recordedAt,
      groups: sql`(
        select coalesce(json_agg(json_build_array(name, process, occurred, recorded)), '[]') from (${groups}) as grouped
      )`.mapWith(parseGroups),
    })
    .from(page)
    .orderBy(page.tx, page.position)
    .limit(1)
  if (row === undefined) return undefined
  const { tx: lastTx, position: lastPosition, recordedAt: lastRecordedAt, ...found } = row
  return { ...found, last: { tx: lastTx, position: lastPosition, recordedAt: lastRecordedAt } }
}

/**
 * The events, each with the last visit of its order that began until then. One pass over events and visits in the order of
 * time, because a search for each event of an order with thousands of visits reads all of these every time, and so may
 * a join with the result of such a pass. `offset 0` keeps the search by order, where the planner would read all visits
 * for each page.
 */
function withLastVisits(site: string, wanted: SQLWrapper): SQL {
  return sql`(
    select * from (
      select order_id, source, stage, actor, occurred_at, recorded_at, position, max(visit_index) over (
        partition by order_id order by occurred_at, position nulls first rows unbounded preceding
      ) as visit_index
      from (
        select order_id, source, stage, actor, occurred_at, recorded_at, position, null::int as visit_index
        from ${wanted}
        union all
        select asked.order_id, null, null, null, entered_at, null, null, visit_index
        from (select distinct order_id from ${wanted}) as asked
        cross join lateral (
          select entered_at, visit_index from ${visits} where site = ${site} and order_id = asked.order_id offset 0
        ) as of_order
      ) as moments
    ) as passed
    where position is not null
  )`
}

/** @param department SQL of the department that had the order. */
function isChosen({ process, customer, product, customerClass, ...choice }: Choice, department: SQL): SQL | undefined {
  const isOneOf = (value: SQLWrapper, names: readonly string[] | undefined): SQL | undefined =>
    names && sql`coalesce(${value}, '') = any(${sql.param(names)}::text[])`
  return and(
    isNotNull(orders.process),
    isOneOf(orders.process, process),
    isOneOf(department, choice.department),
    isOneOf(orders.customer, customer),
    isOneOf(sql`${orders.attributes}->>'customerClass'`, customerClass),
    isOneOf(orders.product, product),
  )
}

type GroupRow = readonly [EventGroup['name'], EventGroup['process'], readonly number[], readonly number[]]

function parseGroups(text: string): EventGroup[] {
  const rows = JSON.parse(text) as readonly GroupRow[]
  return rows.map(([name, process, occurredAt, recordedAt]) => ({ name, process, occurredAt, recordedAt }))
}
