import type { Queryable, Transaction } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import { sql } from 'drizzle-orm'
import { copyEvents } from '../log/copy-events.ts'
import { copyOrders } from '../projection/copy-orders.ts'
import { continueFold } from '../projection/fold-orders.ts'
import type { FoldedChange } from '../projection/folded-change.ts'
import { lockOrders } from '../projection/lock-orders.ts'
import type { LockedOrder } from '../projection/lock-orders.ts'
import { saveOrders } from '../projection/save-orders.ts'
import type { EventOutcome } from './batch-results.ts'
import { bulkOrders } from './bulk-orders.ts'
import type { BulkOrder } from './bulk-orders.ts'
import { beginCommit, commitEvents, NewStagesError } from './commit-events.ts'
import type { CommitContext, Committed, ValidatedRequest } from './commit-events.ts'
import { maxOrderEvents } from './order-limit.ts'
import { bulkRows, Turns } from './prepared-bulk.ts'
import type { BulkRows, PreparedBulk } from './prepared-bulk.ts'
import { settleAdmission } from './settle-admission.ts'
import type { Settlement } from './settle-admission.ts'

/**
 * Rows are written in another order than by `commitEvents`, so that two transactions may wait for each other. This one
 * gives way before the database looks for a deadlock, after a second, and would end either of them.
 */
const givesWayAfterMs = 300

/** Something in the commit concerns more than its orders: `commitEvents` has to write it. */
class NotInBulkError extends Error {
  override readonly name = 'NotInBulkError'
}

/** Whether `commitBulk` has failed because it takes more for granted than `commitEvents`, which is to be tried then. */
export function isRefusedInBulk(error: unknown): boolean {
  if (error instanceof NotInBulkError) return true
  return error instanceof Error && 'code' in error && /^(?=.*\d)[0-9A-Z]{5}$/.test(String(error.code))
}

/**
 * The same as `commitEvents` for a commit that mostly consists of orders that nobody knows yet, or whose fold goes on: it
 * takes for granted that their events are new, and copies them into the log and their orders and visits into the
 * tables, in the order of orders. What else is in the commit `commitEvents` writes in the same transaction.
 * @param prepared for exactly these items by these rules.
 * @throws what `commitEvents` throws; what `isRefusedInBulk` tells when something was there already, or is locked.
 */
export async function commitBulk(
  tx: Transaction,
  context: CommitContext,
  judged: readonly ValidatedRequest[],
  began: (tx: string | undefined) => void,
  prepared?: PreparedBulk,
): Promise<Committed> {
  const { site, rules } = context
  await beginCommit(tx, site, rules, judged)
  await drizzleOn(tx).execute(sql.raw(`set local lock_timeout = ${givesWayAfterMs}`))
  const candidates = prepared?.orders ?? bulkOrders(judged)
  const saved = await lockOrders(
    tx,
    site,
    candidates.map(({ order }) => order),
  )
  const isAsPrepared = prepared !== undefined && saved.size === 0
  const bulk = isAsPrepared ? prepared : await settledBulk(tx, candidates, saved, context)
  const { orders, changes } = bulk
  const count = judged.reduce((sum, { items }) => sum + items.length, 0)
  /** By the place of the item; undefined: it is not in bulk. */
  const outcomes = Array.from<EventOutcome | undefined>({ length: count })
  for (const { items, duplicates } of orders) {
    for (const { place, item } of items) outcomes[place] = { index: item.index, status: 'accepted', event: item.event }
    for (const { place, item } of duplicates) outcomes[place] = { index: item.index, status: 'duplicate' }
  }
  let appended: Committed['appended'] = { outcomes: [], position: undefined, tx: undefined }
  if (orders.length > 0) {
    appended = { ...appended, ...(await copyEvents(tx, bulk.eventRows)) }
    began(appended.tx)
    await copyOrders(tx, bulk.orderRows)
    await saveOrders(
      tx,
      site,
      changes.filter(({ savedEventCount }) => savedEventCount > 0),
    )
  }
  let place = 0
  const rest = judged.map((request) => ({
    ...request,
    items: request.items.filter(() => outcomes[place++] === undefined),
  }))
  if (rest.every(({ items }) => items.length === 0)) {
    return { appended, outcomes: outcomesOf(judged, outcomes, []), changes, left: new Map() }
  }
  const others = await commitEvents(tx, context, rest, began)
  return {
    appended: {
      outcomes: [],
      // Given out in ascending order.
      position: others.appended.position ?? appended.position,
      tx: others.appended.tx ?? appended.tx,
    },
    outcomes: outcomesOf(judged, outcomes, others.outcomes),
    changes: [...changes, ...others.changes],
    left: others.left,
  }
}

/** What of the candidates can be written in bulk. */
async function settledBulk(
  tx: Queryable,
  candidates: readonly BulkOrder[],
  saved: ReadonlyMap<string, LockedOrder>,
  context: CommitContext,
): Promise<BulkRows> {
  const continued = await continueFolds(candidates, saved, context)
  const written = await settleBulk(
    tx,
    candidates.filter(({ order }) => !saved.has(order) || continued.has(order)),
    saved,
    context,
  )
  return bulkRows(written, continued, context)
}

/** The folds of orders that are known and that go on with what they get now. */
async function continueFolds(
  candidates: readonly BulkOrder[],
  saved: ReadonlyMap<string, LockedOrder>,
  { rules, folds }: CommitContext,
): Promise<Map<string, FoldedChange>> {
  const continued = new Map<string, FoldedChange>()
  const turns = new Turns()
  for (const { order, events } of candidates) {
    const row = saved.get(order)
    if (row === undefined || row.eventCount + events.length > maxOrderEvents) continue
    await turns.take(events.length)
    const change = continueFold(folds.get(order), events, rules, row)
    if (change !== undefined) continued.set(order, change)
  }
  return continued
}

/** Those whose process takes all of their events. */
async function settleBulk(
  tx: Queryable,
  candidates: readonly BulkOrder[],
  saved: ReadonlyMap<string, LockedOrder>,
  { site, rules, folds }: CommitContext,
): Promise<readonly BulkOrder[]> {
  const added = candidates.flatMap(({ events }) => events)
  const settlement = await settleAdmission(tx, site, added, saved, rules, folds)
  if (settlement.learned.size > 0) throw new NewStagesError(settlement.learned)
  if (concernsOthers(settlement)) throw new NotInBulkError()
  const { rejected } = settlement
  if (rejected.size === 0) return candidates
  return candidates.filter(({ events }) => events.every(({ source, id }) => !rejected.has(eventIdentity(source, id))))
}

function concernsOthers({ appended, withdrawn, released, left }: Settlement): boolean {
  return appended.length > 0 || withdrawn.length > 0 || released.length > 0 || left.size > 0
}

/** What became of each item. @param others of the items that are not in `bulk`, in order. */
function outcomesOf(
  judged: readonly ValidatedRequest[],
  bulk: readonly (EventOutcome | undefined)[],
  others: readonly (readonly EventOutcome[])[],
): EventOutcome[][] {
  let place = 0
  return judged.map(({ items }, i) => {
    const rest = (others[i] ?? []).values()
    return items.flatMap(() => bulk[place++] ?? rest.next().value ?? [])
  })
}
