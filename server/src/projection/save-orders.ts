import type { Queryable } from '@stagewatch/db/database.ts'
import { orders } from '@stagewatch/db/schema.ts'
import { writeColumns } from '@stagewatch/db/write-columns.ts'
import type { ColumnSources } from '@stagewatch/db/write-columns.ts'
import type { FoldState } from '@stagewatch/shared/domain/fold-state.ts'
import { inStatements, sendInStatements } from '../log/in-statements.ts'
import type { FoldedChange } from './folded-change.ts'
import { saveVisits, sendVisits } from './save-visits.ts'

/**
 * Another server instance has folded one of these orders in the meantime: nothing was written, and the fold must be
 * repeated.
 */
export class StaleFoldError extends Error {
  override readonly name = 'StaleFoldError'
  readonly orders: readonly string[]

  constructor(folded: readonly string[]) {
    super(`one of ${folded.length} orders has changed since it was folded`)
    this.orders = folded
  }
}

export const orderSources = {
  orderId: (change) => change.order,
  eventCount: (change) => change.eventCount,
  process: (change) => change.process,
  status: (change) => change.state?.status ?? 'void',
  customer: (change) => change.state?.attributes.customer,
  product: (change) => change.state?.attributes.product,
  department: (change) => change.state?.attributes.department,
  promisedAt: (change) => change.state?.attributes.promisedAt,
  placedAt: (change) => change.state?.placedAt,
  firstAt: (change) => change.state?.firstAt,
  endedAt: (change) => change.state?.endedAt,
  lastProgressAt: (change) => change.state?.lastProgressAt,
  lastEventAt: (change) => change.state?.lastEventAt,
  heldSince: (change) => change.state?.heldSince,
  heldUntil: (change) => change.state?.heldUntil,
  holds: (change) => change.state?.holds ?? [],
  attributes: (change) => otherAttributes(change.state),
  reopenedCount: (change) => change.state?.reopenedCount ?? 0,
  complaintCount: (change) => change.state?.complaintCount ?? 0,
} satisfies ColumnSources<typeof orders, FoldedChange>

const columns = writeColumns<typeof orders, FoldedChange>({
  table: orders,
  sources: orderSources,
  compared: [{ name: 'saved_event_count', type: 'integer', of: (change) => change.savedEventCount }],
  firstParameter: 2,
})

const insertOrders = `
  with written as (
    insert into orders (site, ${columns.names})
    select $1, ${columns.values} from ${columns.rows} where saved_event_count = 0
    on conflict (site, order_id) do nothing
    returning 1)
  select count(*)::int as count from written`

const updateOrders = `
  with written as (
    update orders o set ${columns.assignments(['order_id'])} from ${columns.rows}
    where o.site = $1 and o.order_id = t.order_id and o.event_count = t.saved_event_count
      and o.archive_id is null
    returning 1)
  select count(*)::int as count from written`

const insertNewOrders = `insert into orders (site, ${columns.names}) select $1, ${columns.values} from ${columns.rows}`

/** Divides by zero if not all rows are as expected, which aborts the transaction. */
const updateSavedOrders = `
  with written as (
    update orders o set ${columns.assignments(['order_id'])} from ${columns.rows}
    where o.site = $1 and o.order_id = t.order_id and o.event_count = t.saved_event_count
      and o.archive_id is null
    returning 1)
  select 1 / (count(*) = $${columns.parameterCount + 2}::int)::int as all_written from written`

/**
 * Writes folded orders and the visits that differ, without waiting for completion. It assumes that new orders have no
 * row and that the others are unchanged since they were folded; otherwise the transaction fails.
 * @param changes with known table contents, in key order.
 */
export async function sendOrders(tx: Queryable, site: string, changes: readonly FoldedChange[]): Promise<void> {
  await sendInStatements(changes.filter(isNew), (some) =>
    tx.query(insertNewOrders, [site, ...columns.parameters(some)]),
  )
  const saved = changes.filter((change) => !isNew(change))
  await sendInStatements(saved, (some) => tx.query(updateSavedOrders, [site, ...columns.parameters(some), some.length]))
  await sendVisits(tx, site, changes)
}

/**
 * Writes folded orders and the visits that differ. Orders are written in key order, so that two transactions cannot
 * deadlock.
 * @throws StaleFoldError if a row is no longer the one that the fold continued.
 */
export async function saveOrders(tx: Queryable, site: string, changes: readonly FoldedChange[]): Promise<void> {
  const sorted = changes.toSorted((a, b) => (a.order < b.order ? -1 : 1))
  // Sent without waiting in between, so that the database executes one statement while the next one is serialized. Of
  // several failures the first one in this order is the cause, because visits collide if the fold was stale.
  const writes = await Promise.allSettled([
    write(tx, insertOrders, site, sorted.filter(isNew)),
    write(
      tx,
      updateOrders,
      site,
      sorted.filter((change) => !isNew(change)),
    ),
    saveVisits(tx, site, sorted),
  ])
  for (const written of writes) if (written.status === 'rejected') throw written.reason
}

function isNew(change: FoldedChange): boolean {
  return change.savedEventCount === 0
}

async function write(tx: Queryable, statement: string, site: string, changes: readonly FoldedChange[]): Promise<void> {
  const results = await inStatements(changes, (some) =>
    tx.query<{ count: number }>(statement, [site, ...columns.parameters(some)]),
  )
  const written = results.reduce((sum, [row]) => sum + (row?.count ?? 0), 0)
  if (written !== changes.length) throw new StaleFoldError(changes.map((change) => change.order))
}

/** Attributes without a column of their own. */
function otherAttributes(state: FoldState | undefined) {
  const { customerClass, quantity, amount, currency, priority, waybill } = state?.attributes ?? {}
  return { customerClass, quantity, amount, currency, priority, waybill }
}
