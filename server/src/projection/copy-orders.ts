import { CopyWriter } from '@stagewatch/db/copy-writer.ts'
import type { Transaction } from '@stagewatch/db/database.ts'
import { orders, visits } from '@stagewatch/db/schema.ts'
import { copyRows } from '../log/copy-events.ts'
import type { FoldedChange } from './folded-change.ts'
import { orderSources } from './save-orders.ts'
import { visitSources } from './save-visits.ts'
import type { IndexedVisit } from './save-visits.ts'

/**
 * Writes folded orders, none of which has a row yet, and their visits. It costs a fraction of `saveOrders`; when there
 * is a row of one of them, the transaction fails.
 */
export async function copyOrders(tx: Transaction, site: string, changes: readonly FoldedChange[]): Promise<void> {
  const orderRows = CopyWriter.of<typeof orders, FoldedChange>(orders, { site: () => site, ...orderSources })
  await copyRows(tx, orderRows, changes)
  const visitRows = CopyWriter.of<typeof visits, IndexedVisit>(visits, { site: () => site, ...visitSources })
  await copyRows(tx, visitRows, changes.flatMap(visitsOf))
}

function visitsOf({ order, state }: FoldedChange): IndexedVisit[] {
  return (state?.visits ?? []).map((visit, index) => ({ order, index, visit }))
}
