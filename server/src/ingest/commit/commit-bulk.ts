import type { Queryable, Transaction } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import { sql } from 'drizzle-orm'
import { loadArchived } from '../../log/archived-events.ts'
import { copyEvents } from '../../log/copy-events.ts'
import { copyOrders } from '../../projection/copy-orders.ts'
import { continueFold } from '../../projection/fold-orders.ts'
import type { FoldedChange } from '../../projection/folded-change.ts'
import { lockOrders } from '../../projection/lock-orders.ts'
import type { LockedOrder } from '../../projection/lock-orders.ts'
import { saveOrders } from '../../projection/save-orders.ts'
import type { EventOutcome } from '../batch-results.ts'
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
 * Rows are written in a different order than by `commitEvents`, so two transactions may wait for each other. This one
 * gives up before the database starts deadlock detection, which is after one second and would abort either of them.
 */
const givesWayAfterMs = 300

/** The commit affects more than its own orders, so `commitEvents` has to write it. */
class NotInBulkError extends Error {
  override readonly name = 'NotInBulkError'
}

/**
 * Whether `commitBulk` failed because one of its assumptions does not hold. The commit then has to be retried with
 * `commitEvents`, which does not make these assumptions.
 */
export function isRefusedInBulk(error: unknown): boolean {
  if (error instanceof NotInBulkError) return true
  return error instanceof Error && 'code' in error && /^(?=.*\d)[0-9A-Z]{5}$/.test(String(error.code))
}

/**
 * Equivalent of `commitEvents` for a commit that mostly consists of new orders, or of orders whose fold can be
 * continued. It assumes that their events are new, copies them into the log, and copies their orders and visits into
 * the tables, sorted by order. The remaining items are written by `commitEvents` in the same transaction.
 * @param prepared prepared for exactly these items under these rules.
 * @throws what `commitEvents` throws; an error that `isRefusedInBulk` recognizes if something already existed or is
 * locked.
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
  if (context.hasArchives()) {
    const events = orders.flatMap((order) => order.events)
    if ((await loadArchived(tx, site, events)).size > 0) throw new NotInBulkError()
  }
  const count = judged.reduce((sum, { items }) => sum + items.length, 0)
  /** By item index; undefined for items that are not written in bulk. */
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
      // Positions are assigned in ascending order.
      position: others.appended.position ?? appended.position,
      tx: others.appended.tx ?? appended.tx,
    },
    outcomes: outcomesOf(judged, outcomes, others.outcomes),
    changes: [...changes, ...others.changes],
    left: others.left,
  }
}

/** The candidates that can be written in bulk. */
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

/** Continued folds of the orders that are stored already and that the new events extend. */
async function continueFolds(
  candidates: readonly BulkOrder[],
  saved: ReadonlyMap<string, LockedOrder>,
  { rules, folds }: CommitContext,
): Promise<Map<string, FoldedChange>> {
  const continued = new Map<string, FoldedChange>()
  const turns = new Turns()
  for (const { order, events } of candidates) {
    const row = saved.get(order)
    if (row === undefined || row.archiveId !== null || row.eventCount + events.length > maxOrderEvents) continue
    await turns.take(events.length)
    const change = continueFold(folds.get(order), events, rules, row)
    if (change !== undefined) continued.set(order, change)
  }
  return continued
}

/** Orders whose process accepts all of their events. */
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

/**
 * Outcome of each item.
 * @param others outcomes of the items that are not in `bulk`, in order.
 */
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
