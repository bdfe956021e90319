import { setImmediate } from 'node:timers/promises'
import { eventRows } from '../../log/copy-events.ts'
import type { CopiedRows } from '../../log/copy-events.ts'
import { orderRows } from '../../projection/copy-orders.ts'
import { foldInSlices } from '../../projection/fold-orders.ts'
import type { FoldedChange } from '../../projection/folded-change.ts'
import type { ValidatedItem } from '../batch-results.ts'
import { bulkOrders } from './bulk-orders.ts'
import type { BulkOrder } from './bulk-orders.ts'
import type { CommitContext, ValidatedRequest } from './commit-events.ts'

/** For fewer events, `commitEvents` is as fast. */
const worthwhileEvents = 500
/** Folding this many events takes a few ms. */
const foldedAtOnce = 1_000

/** Rows of orders that are written in bulk, sorted by key, in COPY format. */
export interface BulkRows {
  readonly orders: readonly BulkOrder[]
  /** One per order. */
  readonly changes: readonly FoldedChange[]
  readonly eventRows: CopiedRows
  /** Of the orders that have no row yet. */
  readonly orderRows: readonly CopiedRows[]
}

/** Rows that were prepared before their transaction began, assuming that the site knows none of the orders. */
export interface PreparedBulk extends BulkRows {
  /** Items of the only request of the commit. */
  readonly items: readonly ValidatedItem[]
  /** Version of the rules used for folding. */
  readonly rulesVersion: number
}

/** A request with its rows, if they could be prepared in advance. */
export interface PreparedRequest extends ValidatedRequest {
  readonly prepared?: PreparedBulk | undefined
}

type BulkRules = CommitContext['rules'] & { readonly rulesVersion: number }

/** Whether writing these requests in bulk is faster. */
export function isForBulk(requests: readonly ValidatedRequest[]): boolean {
  const imported = requests.filter(({ importId }) => importId !== undefined)
  return imported.reduce((sum, { items }) => sum + items.length, 0) >= worthwhileEvents
}

/**
 * Folds a request and prepares its rows while the database is busy with the previous one. Undefined if the result
 * depends on the database, or if preparing saves nothing.
 */
export async function prepareBulk(
  request: ValidatedRequest,
  { site, origin, rules }: Pick<CommitContext, 'site' | 'origin'> & { readonly rules: BulkRules },
): Promise<PreparedBulk | undefined> {
  const { rulesVersion } = rules
  if (!isForBulk([request]) || !areSettled(request.items, rules)) return undefined
  const bulk = await bulkRows(bulkOrders([request]), new Map(), { site, origin, rules })
  return rules.rulesVersion === rulesVersion ? { ...bulk, items: request.items, rulesVersion } : undefined
}

/** Whether there is only one process and it has all of their stages. */
function areSettled(items: readonly ValidatedItem[], rules: BulkRules): boolean {
  const { onlyProcess } = rules
  if (onlyProcess === undefined) return false
  const known = new Set<string>()
  for (const item of items) {
    if (!item.ok) continue
    const { stage } = item.event
    if (stage === undefined || known.has(stage)) continue
    if (!rules.hasStage(onlyProcess, stage)) return false
    known.add(stage)
  }
  return true
}

/**
 * Whether the rows were prepared for these requests under these rules.
 * @param judged requests admitted under these rules.
 */
export function isPreparedFor(prepared: PreparedBulk, judged: readonly ValidatedRequest[], rules: BulkRules): boolean {
  const [only] = judged
  if (only === undefined || judged.length > 1 || prepared.rulesVersion !== rules.rulesVersion) return false
  return only.items.length === prepared.items.length && only.items.every((item, i) => item === prepared.items[i])
}

/** @param continued folds of orders that already have a row. */
export async function bulkRows(
  orders: readonly BulkOrder[],
  continued: ReadonlyMap<string, FoldedChange>,
  { site, origin, rules }: Pick<CommitContext, 'site' | 'origin' | 'rules'>,
): Promise<BulkRows> {
  const sorted = orders.toSorted((a, b) => (a.order < b.order ? -1 : 1))
  const changes: FoldedChange[] = []
  const turns = new Turns()
  for (const { order, events } of sorted) {
    await turns.take(events.length)
    changes.push(continued.get(order) ?? (await foldInSlices(order, events, 0, rules)))
  }
  const items = sorted.flatMap((order) => order.items.map(({ item }) => item))
  return {
    orders: sorted,
    changes,
    eventRows: await eventRows(site, origin, items),
    orderRows: await orderRows(
      site,
      changes.filter(({ savedEventCount }) => savedEventCount === 0),
    ),
  }
}

/** Yields to the event loop from time to time. */
export class Turns {
  #folded = 0

  async take(events: number): Promise<void> {
    if (this.#folded >= foldedAtOnce) {
      this.#folded = 0
      await setImmediate()
    }
    this.#folded += events
  }
}
