import type { OrdersAnswer, OrdersQuery } from '@stagewatch/shared/contract/orders.ts'
import type { OrderSummary } from '@stagewatch/shared/contract/order-summary.ts'
import { findOrders } from './find-orders.ts'
import { asksForOlder } from './older-orders.ts'
import type { OlderOrders, OlderReader } from './older-orders.ts'
import { readCursor, writeCursor } from './order-cursor.ts'
import type { OrderCursor } from './order-cursor.ts'

type ListedOrders = Omit<OrdersAnswer, 'asOf' | 'position'>

/**
 * A page of the matching orders: first those in memory, then those that ended before the start of memory.
 * @throws AppError `bad_request` if the cursor belongs to another query; `overloaded`.
 */
export async function listOrders(
  reader: OlderReader,
  older: OlderOrders,
  query: OrdersQuery,
  now: number,
): Promise<ListedOrders> {
  const { engine, audience } = reader
  const { cursor, ...question } = query
  const after = cursor === undefined ? undefined : readCursor(cursor, query)
  const asOf = after?.asOf ?? now
  const isWithOlder = asksForOlder(engine, question)
  const answer = (
    orders: readonly OrderSummary[],
    total: number,
    next: Omit<OrderCursor, 'asOf'> | undefined,
  ): ListedOrders => ({
    orders: [...orders],
    total,
    ...(next !== undefined && { cursor: writeCursor({ asOf, ...next }, query) }),
    ...(isWithOlder && { memoryFrom: engine.ended.startsAt }),
  })
  // On a page of older orders, the others are only counted.
  const limit = after?.isOlder === true ? 0 : query.limit
  const known = await findOrders(engine, { ...query, limit }, now, audience, after)
  const next = known.last && { ...known.last, isOlder: false }
  if (!isWithOlder) return answer(known.orders, known.total, next)
  const total = known.total + (await older.count(reader, question))
  const rest = query.limit - known.orders.length
  if (rest === 0) {
    const firstOlder = total > known.total ? { value: null, order: '', isOlder: true } : undefined
    return answer(known.orders, total, next ?? firstOlder)
  }
  const last = after?.isOlder === true && after.order !== '' ? { value: after.value, order: after.order } : undefined
  const page = await older.page(reader, { ...question, limit: rest }, last)
  return answer([...known.orders, ...page.orders], total, page.last && { ...page.last, isOlder: true })
}
