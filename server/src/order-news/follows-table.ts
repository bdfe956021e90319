import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { orderFollows } from '@stagewatch/db/team-schema.ts'
import { maxFollowed, maxFollowers } from '@stagewatch/shared/contract/order-action.ts'
import { and, count, eq } from 'drizzle-orm'
import { AppError } from '../platform/app-error.ts'

function isFollow(site: string, order: string, person: string) {
  return and(eq(orderFollows.site, site), eq(orderFollows.orderId, order), eq(orderFollows.userId, person))
}

export async function isFollowed(db: Queryable, site: string, order: string, person: string): Promise<boolean> {
  const rows = await drizzleOn(db)
    .select({ order: orderFollows.orderId })
    .from(orderFollows)
    .where(isFollow(site, order, person))
  return rows.length > 0
}

/**
 * Idempotent. Two requests at once may pass the limits by one.
 * @throws AppError `conflict` when the person follows too many orders, or too many people follow the order.
 */
export async function follow(tx: Queryable, site: string, order: string, person: string): Promise<void> {
  const on = drizzleOn(tx)
  if (await isFollowed(tx, site, order, person)) return
  const [own] = await on
    .select({ count: count() })
    .from(orderFollows)
    .where(and(eq(orderFollows.site, site), eq(orderFollows.userId, person)))
  if ((own?.count ?? 0) >= maxFollowed)
    throw new AppError('conflict', `you follow ${maxFollowed} orders: stop following one first`)
  const [others] = await on
    .select({ count: count() })
    .from(orderFollows)
    .where(and(eq(orderFollows.site, site), eq(orderFollows.orderId, order)))
  if ((others?.count ?? 0) >= maxFollowers)
    throw new AppError('conflict', `an order is followed by at most ${maxFollowers} people`)
  await on.insert(orderFollows).values({ site, orderId: order, userId: person }).onConflictDoNothing()
}

export async function unfollow(db: Queryable, site: string, order: string, person: string): Promise<void> {
  await drizzleOn(db)
    .delete(orderFollows)
    .where(isFollow(site, order, person))
}

/** The people who follow some of the orders, and since when; epoch ms by the clock of the database. */
export function loadFollowers(
  db: Queryable,
  site: string,
  orders: readonly string[],
): Promise<{ readonly order: string; readonly person: string; readonly since: number }[]> {
  return drizzleOn(db)
    .select({ order: orderFollows.orderId, person: orderFollows.userId, since: orderFollows.since })
    .from(orderFollows)
    .where(and(eq(orderFollows.site, site), anyOf(orderFollows.orderId, orders)))
}

/** Nobody follows an order that has ended. */
export async function endFollows(tx: Queryable, site: string, orders: readonly string[]): Promise<void> {
  if (orders.length === 0) return
  await drizzleOn(tx)
    .delete(orderFollows)
    .where(and(eq(orderFollows.site, site), anyOf(orderFollows.orderId, orders)))
}
