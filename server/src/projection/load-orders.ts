import { setImmediate } from 'node:timers/promises'
import { epochMs } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { splitVisits } from '@stagewatch/shared/domain/all-visits.ts'
import type { FoldedOrder, HoldSpan, OrderStatus } from '@stagewatch/shared/domain/fold-state.ts'
import type { OrderAttributes } from '@stagewatch/shared/domain/order-attributes.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'

/** An order as stored in the tables. */
export interface StoredOrder {
  readonly order: string
  readonly process: string
  readonly eventCount: number
  /** Undefined if every event of the order was retracted. */
  readonly state: FoldedOrder | undefined
}

/** JSON without absent values. */
interface OrderRow {
  readonly order: string
  readonly process: string
  readonly status: OrderStatus | 'void'
  readonly eventCount: number
  readonly attributes: OrderAttributes
  readonly holds: readonly HoldSpan[]
  readonly times: Partial<Pick<FoldedOrder, 'placedAt' | 'endedAt' | 'heldSince' | 'heldUntil'>>
  readonly firstAt: number | null
  readonly lastProgressAt: number | null
  readonly lastEventAt: number | null
  readonly reopenedCount: number
  readonly complaintCount: number
}

interface VisitRow {
  readonly order: string
  readonly index: number
  readonly visit: StageVisit
}

const orderColumns = `
  order_id as "order", process, status, event_count as "eventCount",
  jsonb_strip_nulls(attributes || jsonb_build_object('customer', customer, 'product', product, 'department', department,
    'promisedAt', ${epochMs('promised_at')})) as attributes,
  jsonb_strip_nulls(jsonb_build_object('placedAt', ${epochMs('placed_at')}, 'endedAt', ${epochMs('ended_at')},
    'heldSince', ${epochMs('held_since')}, 'heldUntil', ${epochMs('held_until')})) as times, holds,
  ${epochMs('first_at')} as "firstAt", ${epochMs('last_progress_at')} as "lastProgressAt",
  ${epochMs('last_event_at')} as "lastEventAt", reopened_count as "reopenedCount",
  complaint_count as "complaintCount"`

const visitColumns = `
  order_id as "order", visit_index as index, jsonb_strip_nulls(jsonb_build_object('stage', stage, 'nth', nth,
    'enteredAt', ${epochMs('entered_at')}, 'startedAt', ${epochMs('started_at')}, 'leftAt', ${epochMs('left_at')},
    'heldMs', held_ms, 'heldSince', ${epochMs('held_since')}, 'cancelled', nullif(cancelled, false), 'owner', owner,
    'department', department, 'reason', reason, 'handovers', handovers, 'acknowledged', acknowledged, 'waits', waits,
    'progress', progress, 'positions', positions, 'attributes', attributes)) as visit`

/** Loads the named orders. */
export async function loadOrders(db: Queryable, site: string, orders: readonly string[]): Promise<StoredOrder[]> {
  const rows = await loadRows(db, site, orders)
  return join(rows, await loadVisits(db, site, rows))
}

/** A page of the visits of an order, which may have a hundred thousand. */
export interface VisitPage {
  readonly visits: readonly StageVisit[]
  /** Number of visits of the order. */
  readonly visitCount: number
}

/**
 * An order with a page of its visits. The order itself includes its first and its last visit, which give its arrival
 * and its current stage.
 * @param from number of visits before the page.
 */
export async function loadOrderPage(
  db: Queryable,
  site: string,
  order: string,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<{ readonly stored: StoredOrder; readonly page: VisitPage } | undefined> {
  const rows = await loadRows(db, site, [order])
  const [row] = rows
  if (row === undefined) return undefined
  const [{ last } = { last: null }] = await db.query<{ last: number | null }>(
    'select max(visit_index) as last from visits where site = $1 and order_id = $2',
    [site, order],
  )
  const indexes = last === null ? [] : [0, last, ...Array.from({ length: limit }, (_, i) => from + i)]
  const read = await db.query<VisitRow>(
    `select ${visitColumns} from visits where site = $1 and order_id = $2 and visit_index = any($3::int[])
     order by visit_index`,
    [site, order, indexes],
  )
  const [stored] = join(
    rows,
    read.filter(({ index }) => index === 0 || index === last),
  )
  const visits = read.filter(({ index }) => index >= from && index < from + limit).map(({ visit }) => visit)
  return stored && { stored, page: { visits, visitCount: (last ?? -1) + 1 } }
}

function loadRows(db: Queryable, site: string, orders: readonly string[]): Promise<OrderRow[]> {
  return db.query<OrderRow>(
    `select ${orderColumns} from unnest($2::text[]) as t(named) join orders on site = $1 and order_id = t.named`,
    [site, orders],
  )
}

/** Rows per read: parsing them blocks the main thread for about 20 ms. */
const visitsPerRead = 2_000

/** The visits of each order, in order. An event adds at most one visit. */
async function loadVisits(db: Queryable, site: string, orders: readonly OrderRow[]): Promise<VisitRow[]> {
  const all: VisitRow[] = []
  let some: string[] = []
  let most = 0
  const readSome = async (): Promise<void> => {
    if (some.length === 0) return
    if (all.length > 0) await setImmediate()
    const rows = await db.query<VisitRow>(
      `select ${visitColumns} from unnest($2::text[]) as t(named) join visits on site = $1 and order_id = t.named
       order by order_id, visit_index`,
      [site, some],
    )
    for (const row of rows) all.push(row)
    some = []
    most = 0
  }
  for (const { order, eventCount } of orders) {
    if (eventCount > visitsPerRead) {
      for await (const rows of readVisitsInPages(db, site, order)) for (const row of rows) all.push(row)
      continue
    }
    if (most + eventCount > visitsPerRead) await readSome()
    some.push(order)
    most += eventCount
  }
  await readSome()
  return all
}

/** The visits of one order; each page starts where the last one ended. */
async function* readVisitsInPages(db: Queryable, site: string, order: string): AsyncGenerator<readonly VisitRow[]> {
  for (let after = -1; ;) {
    const rows: VisitRow[] = await db.query<VisitRow>(
      `select ${visitColumns} from visits where site = $1 and order_id = $2 and visit_index > $3
       order by visit_index limit ${visitsPerRead}`,
      [site, order, after],
    )
    yield rows
    const last = rows.at(-1)
    if (rows.length < visitsPerRead || last === undefined) return
    after = last.index
    await setImmediate()
  }
}

function join(rows: readonly OrderRow[], visitRows: readonly VisitRow[]): StoredOrder[] {
  const visits = Map.groupBy(visitRows, (row) => row.order)
  return rows.map((row) => ({
    order: row.order,
    process: row.process,
    eventCount: row.eventCount,
    state: foldedOrder(
      row,
      (visits.get(row.order) ?? []).map(({ visit }) => visit),
    ),
  }))
}

function foldedOrder(row: OrderRow, visits: readonly StageVisit[]): FoldedOrder | undefined {
  const { status, firstAt, lastProgressAt, lastEventAt } = row
  if (status === 'void' || firstAt === null || lastProgressAt === null || lastEventAt === null) return undefined
  const { order, attributes, times, holds, reopenedCount, complaintCount } = row
  return {
    order,
    status,
    attributes,
    ...splitVisits(visits),
    holds,
    ...times,
    firstAt,
    lastProgressAt,
    lastEventAt,
    reopenedCount,
    complaintCount,
  }
}
