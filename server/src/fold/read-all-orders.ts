import { CopyReader } from '@stagewatch/db/copy-reader.ts'
import type { CopyRow } from '@stagewatch/db/copy-reader.ts'
import { literal } from '@stagewatch/db/database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { orderCopyColumns, readOrderRow } from './order-copy.ts'
import type { CopiedOrder } from './order-copy.ts'
import type { StoredOrder } from './load-orders.ts'
import { readVisitRow, visitCopyColumns } from './visit-copy.ts'

const ordersPerPage = 500

/**
 * Every order of a site with its visits, a page at a time, from one state of the database: first the heads of all
 * orders, then the visits in the order of their keys, each order being handed on when its visits are there.
 * @param endedSince orders that ended before, epoch ms, are left out; -Infinity: none are.
 */
export async function readAllOrders(
  database: Database,
  site: string,
  endedSince: number,
  take: (orders: readonly StoredOrder[]) => void,
): Promise<void> {
  const heads = new Map<string, CopiedOrder>()
  const page: StoredOrder[] = []
  const hand = (order: CopiedOrder, visits: readonly StageVisit[]): void => {
    const { state } = order
    page.push(state === undefined ? { ...order, state } : { ...order, state: { ...state, visits } })
    if (page.length === ordersPerPage) take(page.splice(0))
  }
  const orders = new CopyReader((row) => {
    const order = readOrderRow(row)
    heads.set(order.order, order)
  })
  const visits = new VisitsByOrder((order, ofOrder) => {
    const head = heads.get(order)
    heads.delete(order)
    if (head !== undefined) hand(head, ofOrder)
  })
  const readVisits = new CopyReader((row) => visits.add(row))
  const chosen = chosenOrders(site, endedSince)
  await database.copyOut([
    { select: `select ${orderCopyColumns} from orders o where ${chosen}`, take: (bytes) => orders.take(bytes) },
    { select: visitsOf(site, endedSince, chosen), take: (bytes) => readVisits.take(bytes) },
  ])
  visits.end()
  for (const order of heads.values()) hand(order, [])
  if (page.length > 0) take(page)
}

function chosenOrders(site: string, endedSince: number): string {
  const ofSite = `o.site = ${literal(site)}`
  return endedSince === -Infinity
    ? ofSite
    : `${ofSite} and (o.ended_at is null or o.ended_at >= to_timestamp(${endedSince} / 1000.0))`
}

function visitsOf(site: string, endedSince: number, chosen: string): string {
  const wanted =
    endedSince === -Infinity ? '' : `and exists (select from orders o where ${chosen} and o.order_id = v.order_id)`
  return `select ${visitCopyColumns} from visits v where v.site = ${literal(site)} ${wanted}
    order by v.order_id, v.visit_index`
}

/** Puts together what comes by order. */
class VisitsByOrder {
  readonly #complete: (order: string, visits: readonly StageVisit[]) => void
  #order: string | undefined
  #visits: StageVisit[] = []

  constructor(complete: (order: string, visits: readonly StageVisit[]) => void) {
    this.#complete = complete
  }

  add(row: CopyRow): void {
    const order = row.text(0)
    if (order !== this.#order) {
      this.end()
      this.#order = order
    }
    this.#visits.push(readVisitRow(row))
  }

  end(): void {
    if (this.#order !== undefined) this.#complete(this.#order, this.#visits)
    this.#visits = []
  }
}
