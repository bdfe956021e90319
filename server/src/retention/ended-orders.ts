import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { orders as orderRows } from '@stagewatch/db/schema.ts'
import { retentionLimits } from '@stagewatch/shared/contract/retention.ts'
import { and, eq, gt } from 'drizzle-orm'
import { hasEnded } from './archive-slice.ts'
import type { EndedOrder } from './archive-slice.ts'

/** Orders that are looked at by one statement. */
const ordersPerPage = 2_000
/** Per archive, and so per transaction, unless a single order has more. */
export const sliceLimits = { events: 5_000, orders: 1_000 } as const
/** Orders that are remembered until their slice is full. */
const maxWaiting = 20_000
const dayMs = 24 * 3_600_000

interface ChosenSlice {
  readonly month: string
  readonly orders: readonly EndedOrder[]
}

/** The orders whose events are to be archived at an instant. */
export interface EndedChoice {
  readonly site: string
  readonly timeZone: string
  readonly months: number
  /** Epoch ms. */
  readonly now: number
  /** The order after which to begin. */
  readonly after: string | null
}

/** Slices of orders to be archived, and the order after which to begin again so that none of them is left out. */
export async function* endedOrders(
  db: Queryable,
  choice: EndedChoice,
): AsyncGenerator<ChosenSlice & { readonly after: string }> {
  const before = archivedBefore(choice)
  const restoredBefore = choice.now - retentionLimits.restoredDays * dayMs
  const months = new Map<string, WaitingOrders>()
  let waiting = 0
  let after = choice.after ?? ''
  let begun = after
  for (;;) {
    const page = await readPage(db, choice.site, after)
    const last = page.at(-1)
    for (const { endedAt, restoredAt, ...row } of page) {
      if (row.archiveId !== null || endedAt === null || endedAt >= before || !hasEnded(row.status)) continue
      if (restoredAt !== null && restoredAt >= restoredBefore) continue
      if (row.eventCount > retentionLimits.orderEvents) continue
      const month = monthOf(endedAt, choice.timeZone)
      const slice = months.get(month) ?? { orders: [], events: 0 }
      months.set(month, slice)
      if (slice.orders.length === sliceLimits.orders || slice.events + row.eventCount > sliceLimits.events) {
        const orders = slice.orders.splice(0)
        slice.events = 0
        waiting -= orders.length
        if (orders.length > 0) yield { month, orders, after: begun }
      }
      slice.orders.push({ order: row.order, eventCount: row.eventCount })
      slice.events += row.eventCount
      waiting += 1
    }
    if (last === undefined) break
    after = last.order
    if (waiting > maxWaiting) {
      yield* slicesOf(months, begun)
      begun = after
      waiting = 0
    }
  }
  yield* slicesOf(months, begun)
}

interface WaitingOrders {
  readonly orders: EndedOrder[]
  events: number
}

function* slicesOf(months: Map<string, WaitingOrders>, after: string) {
  for (const [month, { orders }] of months) if (orders.length > 0) yield { month, orders, after }
  months.clear()
}

function readPage(db: Queryable, site: string, after: string) {
  const { orderId, eventCount, status, endedAt, archiveId, restoredAt } = orderRows
  return drizzleOn(db)
    .select({ order: orderId, eventCount, status, endedAt, archiveId, restoredAt })
    .from(orderRows)
    .where(and(eq(orderRows.site, site), gt(orderId, after)))
    .orderBy(orderId)
    .limit(ordersPerPage)
}

/** Orders that ended before this instant are archived, epoch ms. */
function archivedBefore({ now, timeZone, months }: Pick<EndedChoice, 'now' | 'timeZone' | 'months'>): number {
  return Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).subtract({ months }).epochMilliseconds
}

/** `YYYY-MM` */
function monthOf(at: number, timeZone: string): string {
  const { year, month } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone)
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`
}
