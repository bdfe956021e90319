import { CopyWriter } from '@stagewatch/db/copy-writer.ts'
import type { Transaction } from '@stagewatch/db/database.ts'
import { orders, visits } from '@stagewatch/db/schema.ts'
import { allVisits } from '@stagewatch/shared/domain/all-visits.ts'
import { copiedRows } from '../log/copy-events.ts'
import type { CopiedRows } from '../log/copy-events.ts'
import type { FoldedChange } from './folded-change.ts'
import { orderSources } from './save-orders.ts'
import { visitSources } from './save-visits.ts'
import type { IndexedVisit } from './save-visits.ts'

/** Folded orders and their visits as table rows. */
export async function orderRows(site: string, changes: readonly FoldedChange[]): Promise<readonly CopiedRows[]> {
  const orderWriter = CopyWriter.of<typeof orders, FoldedChange>(orders, { site: () => site, ...orderSources })
  const visitWriter = CopyWriter.of<typeof visits, IndexedVisit>(visits, { site: () => site, ...visitSources })
  return [await copiedRows(orderWriter, changes), await copiedRows(visitWriter, changes.flatMap(visitsOf))]
}

/**
 * Inserts rows of new orders and of their visits, at a fraction of the cost of `saveOrders`. The transaction fails if
 * one of the orders already has a row.
 */
export async function copyOrders(tx: Transaction, rows: readonly CopiedRows[]): Promise<void> {
  for (const { target, pieces } of rows) await tx.copyIn(target, pieces)
}

function visitsOf({ order, state }: FoldedChange): IndexedVisit[] {
  return (state === undefined ? [] : allVisits(state)).map((visit, index) => ({ order, index, visit }))
}
