import { setImmediate } from 'node:timers/promises'
import { epochMs } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import type { FoldedOrder, HoldSpan, OrderStatus } from '@stagewatch/shared/domain/fold-state.ts'
import type { OrderAttributes } from '@stagewatch/shared/domain/order-attributes.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'

/** An order as the tables hold it. */
export interface StoredOrder {
  readonly order: string
  readonly process: string
  readonly eventCount: number
  /** Undefined: every event of the order was taken back. */
  readonly state: FoldedOrder | undefined
}

/** JSON with every absent value left out. */
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
    'progress', progress, 'attributes', attributes)) as visit`

/** The named orders. */
export async function loadOrders(db: Queryable, site: string, orders: readonly string[]): Promise<StoredOrder[]> {
  const rows = await db.query<OrderRow>(
    `select ${orderColumns} from unnest($2::text[]) as t(named) join orders on site = $1 and order_id = t.named`,
    [site, orders],
  )
  return join(rows, await loadVisits(db, site, orders))
}

/** Rows that are read at once: reading them takes the thread that serves everybody some 20 ms. */
const visitsPerRead = 2_000

/** In the order of their keys. */
async function loadVisits(db: Queryable, site: string, orders: readonly string[]): Promise<VisitRow[]> {
  const all: VisitRow[] = []
  let left = orders
  let last: VisitRow | undefined
  for (;;) {
    const rows: VisitRow[] = await db.query<VisitRow>(
      `select ${visitColumns} from unnest($2::text[]) as t(named) join visits on site = $1 and order_id = t.named
       where (order_id, visit_index) > ($3, $4)
       order by order_id, visit_index limit ${visitsPerRead}`,
      [site, left, last?.order ?? '', last?.index ?? -1],
    )
    const read = new Set<string>()
    for (const row of rows) {
      all.push(row)
      read.add(row.order)
    }
    last = rows.at(-1)
    if (rows.length < visitsPerRead || last === undefined) return all
    read.delete(last.order)
    left = left.filter((order) => !read.has(order))
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
    visits,
    holds,
    ...times,
    firstAt,
    lastProgressAt,
    lastEventAt,
    reopenedCount,
    complaintCount,
  }
}
