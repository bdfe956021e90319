import { arrayText } from '@stagewatch/db/array-text.ts'
import { ByteQueue } from '@stagewatch/db/byte-queue.ts'
import { CopyReader } from '@stagewatch/db/copy-reader.ts'
import type { CopyRow } from '@stagewatch/db/copy-reader.ts'
import { literal, toInstant } from '@stagewatch/db/database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { splitVisits } from '@stagewatch/shared/domain/all-visits.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { orderCopy, readOrderRow } from './order-copy.ts'
import type { CopiedOrder } from './order-copy.ts'
import { loadOrders } from './load-orders.ts'
import type { StoredOrder } from './load-orders.ts'
import { readVisitRow, visitCopy } from './visit-copy.ts'

const ordersPerPage = 500
/** Page size for long orders; adding them to the counts takes about 10 ms. */
const visitsPerPage = 5_000

/** Selects orders; instants are epoch ms. Without bounds, all orders match. */
export interface OrderBounds {
  /** Open orders, and those that ended at this instant or later. */
  readonly endedSince?: number
  /** Orders with an event before this instant. */
  readonly firstBefore?: number
  /** Orders with keys in this range, `upTo` inclusive. */
  readonly keys?: { readonly after: string; readonly upTo: string }
  /** These orders, possibly some thousand. */
  readonly named?: readonly string[]
}

/**
 * Reads the orders of a site with their visits in key order, one page at a time, from a single snapshot of the
 * database. The rows of all orders come first and are kept unparsed, then come the visits; each order is passed on when
 * its visits are complete.
 */
export async function readAllOrders(
  database: Database,
  site: string,
  bounds: OrderBounds,
  take: (orders: readonly StoredOrder[]) => void,
): Promise<void> {
  const heads = new OrderHeads()
  const page: StoredOrder[] = []
  let visitsOfPage = 0
  const hand = (order: CopiedOrder, visits: readonly StageVisit[]): void => {
    const { state } = order
    page.push(state === undefined ? { ...order, state } : { ...order, state: { ...state, ...splitVisits(visits) } })
    visitsOfPage += visits.length
    if (page.length < ordersPerPage && visitsOfPage < visitsPerPage) return
    take(page.splice(0))
    visitsOfPage = 0
  }
  const visits = new VisitsByOrder((order, ofOrder) => {
    let head = heads.next()
    // Orders before it have no visits.
    for (; head !== undefined && head.order !== order; head = heads.next()) hand(head, [])
    if (head === undefined)
      throw new Error(`visits of order ${order} come without it, or not in the order of the orders`)
    hand(head, ofOrder)
  })
  const readVisits = new CopyReader(visitCopy.count, (row) => visits.add(row))
  const chosen = chosenOrders(site, bounds)
  await database.copyOut([
    {
      select: `select ${orderCopy.select('o')} from orders o where ${chosen.join(' and ')} order by o.order_id`,
      take: (bytes) => heads.add(bytes),
    },
    { select: visitsOf(site, chosen, bounds), take: (bytes) => readVisits.take(bytes) },
  ])
  visits.end()
  for (let head = heads.next(); head !== undefined; head = heads.next()) hand(head, [])
  if (page.length > 0) take(page)
}

/** From this number of orders on, COPY is faster than reading rows, although it takes more statements. */
const copiedOrders = 100

/** Reads the named orders, however many. */
export async function readNamedOrders(
  database: Database,
  site: string,
  named: readonly string[],
): Promise<readonly StoredOrder[]> {
  if (named.length < copiedOrders) return loadOrders(database, site, named)
  const read: StoredOrder[] = []
  await readAllOrders(database, site, { named }, (page) => {
    read.push(...page)
  })
  return read
}

function chosenOrders(
  site: string,
  { endedSince = -Infinity, firstBefore = Infinity, keys, named }: OrderBounds,
): string[] {
  return [
    `o.site = ${literal(site)}`,
    ...(endedSince === -Infinity ? [] : [`(o.ended_at is null or o.ended_at >= ${instant(endedSince)})`]),
    ...(firstBefore === Infinity ? [] : [`o.first_at < ${instant(firstBefore)}`]),
    ...(keys === undefined ? [] : [`o.order_id > ${literal(keys.after)} and o.order_id <= ${literal(keys.upTo)}`]),
    ...(named === undefined ? [] : [`o.order_id = any(${literal(arrayText(named))}::text[])`]),
  ]
}

function instant(atMs: number): string {
  return toInstant(String(atMs))
}

/**
 * Looking up the order of each visit costs more than reading the whole table, so it is done only if some are excluded.
 */
function visitsOf(site: string, [ofSite, ...bounds]: readonly string[], { keys, named }: OrderBounds): string {
  const wanted =
    bounds.length === 0 || named !== undefined
      ? ''
      : `and (v.site, v.order_id) in (
    select o.site, o.order_id from orders o where ${[ofSite, ...bounds].join(' and ')})`
  const ofNamed = named === undefined ? '' : `and v.order_id = any(${literal(arrayText(named))}::text[])`
  const between =
    keys === undefined ? '' : `and v.order_id > ${literal(keys.after)} and v.order_id <= ${literal(keys.upTo)}`
  return `select ${visitCopy.select('v')} from visits v where v.site = ${literal(site)} ${between} ${ofNamed} ${wanted}
    order by v.order_id, v.visit_index`
}

/** The unparsed rows of many orders, which take a fifth of the memory; a few hundred are parsed at a time. */
class OrderHeads {
  readonly #bytes = new ByteQueue()
  readonly #reader = new CopyReader(orderCopy.count, (row) => this.#read.push(readOrderRow(row)))
  #read: CopiedOrder[] = []
  /** Index in `#read` of the next one. */
  #next = 0

  add(bytes: Uint8Array): void {
    this.#bytes.add(bytes)
  }

  next(): CopiedOrder | undefined {
    while (this.#next === this.#read.length) {
      const bytes = this.#bytes.take()
      if (bytes === undefined) return undefined
      this.#read = []
      this.#next = 0
      this.#reader.take(bytes)
    }
    return this.#read[this.#next++]
  }
}

/** Groups consecutive visits by order. */
class VisitsByOrder {
  readonly #complete: (order: string, visits: readonly StageVisit[]) => void
  #order: string | undefined
  #visits: StageVisit[] = []

  constructor(complete: (order: string, visits: readonly StageVisit[]) => void) {
    this.#complete = complete
  }

  add(row: CopyRow): void {
    const { orderId } = visitCopy.at
    if (this.#order === undefined || !row.isText(orderId, this.#order)) this.#begin(row.text(orderId))
    this.#visits.push(readVisitRow(row))
  }

  #begin(order: string): void {
    if (order === this.#order) return
    this.end()
    this.#order = order
  }

  end(): void {
    if (this.#order !== undefined) this.#complete(this.#order, this.#visits)
    this.#visits = []
  }
}
