import { setImmediate } from 'node:timers/promises'
import { eventRows } from '../log/copy-events.ts'
import type { CopiedRows } from '../log/copy-events.ts'
import { orderRows } from '../projection/copy-orders.ts'
import { foldInSlices } from '../projection/fold-orders.ts'
import type { FoldedChange } from '../projection/folded-change.ts'
import type { ValidatedItem } from './batch-results.ts'
import { bulkOrders } from './bulk-orders.ts'
import type { BulkOrder } from './bulk-orders.ts'
import type { CommitContext, ValidatedRequest } from './commit-events.ts'

/** Below that `commitEvents` costs no more. */
const worthwhileEvents = 500
/** Some ms of folding. */
const foldedAtOnce = 1_000

/** Orders that are written in bulk, in the order of their keys, as they are copied. */
export interface BulkRows {
  readonly orders: readonly BulkOrder[]
  /** Of each of the orders. */
  readonly changes: readonly FoldedChange[]
  readonly eventRows: CopiedRows
  /** Of those that have no row yet. */
  readonly orderRows: readonly CopiedRows[]
}

/** Rows that were written out before their transaction began, as if the site knew none of the orders. */
export interface PreparedBulk extends BulkRows {
  /** Those of the only request of the commit. */
  readonly items: readonly ValidatedItem[]
  /** Of the rules by which they were folded. */
  readonly rulesVersion: number
}

/** A request with its rows, if they could be written out ahead. */
export interface PreparedRequest extends ValidatedRequest {
  readonly prepared?: PreparedBulk | undefined
}

type BulkRules = CommitContext['rules'] & { readonly rulesVersion: number }

/** Whether it is worth while to write these in bulk. */
export function isForBulk(requests: readonly ValidatedRequest[]): boolean {
  const imported = requests.filter(({ importId }) => importId !== undefined)
  return imported.reduce((sum, { items }) => sum + items.length, 0) >= worthwhileEvents
}

/**
 * Folds and writes out what a request brings while the database is busy with the one before. Undefined: it depends on
 * what the database says, or costs no more then.
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

/** Whether there is one process, and it knows all of their stages. */
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

/** Whether the rows are those of these requests by these rules. @param judged by them */
export function isPreparedFor(prepared: PreparedBulk, judged: readonly ValidatedRequest[], rules: BulkRules): boolean {
  const [only] = judged
  if (only === undefined || judged.length > 1 || prepared.rulesVersion !== rules.rulesVersion) return false
  return only.items.length === prepared.items.length && only.items.every((item, i) => item === prepared.items[i])
}

/** @param continued folds of orders that have a row already. */
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

/** Lets everything else have its turn now and then. */
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
