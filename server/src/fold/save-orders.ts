import { toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import type { FoldState } from '@stagewatch/shared/domain/fold-state.ts'
import type { FoldedChange } from './folded-change.ts'
import { saveVisits } from './save-visits.ts'

/** Another process has folded one of these orders meanwhile: nothing may be written, and the fold must be made anew. */
export class StaleFoldError extends Error {
  override readonly name = 'StaleFoldError'
  readonly orders: readonly string[]

  constructor(orders: readonly string[]) {
    super(`one of ${orders.length} orders has changed since it was folded`)
    this.orders = orders
  }
}

const folded = `
  unnest($2::text[], $3::int[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::float8[],
    $11::float8[], $12::float8[], $13::float8[], $14::float8[], $15::float8[], $16::float8[], $17::text[], $18::text[],
    $19::int[], $20::int[])
  as t(order_id, saved_event_count, event_count, process, status, customer, product, department, promised_ms,
    placed_ms, first_ms, ended_ms, progress_ms, last_ms, held_ms, holds, facts, reopened_count, complaint_count)`

const insertOrders = `
  with written as (
    insert into orders (site, order_id, event_count, process, status, customer, product, department, promised_at,
      placed_at, first_at, ended_at, last_progress_at, last_event_at, held_since, holds, facts, reopened_count,
      complaint_count)
    select $1, order_id, event_count, process, status, customer, product, department, ${toInstant('promised_ms')},
      ${toInstant('placed_ms')}, ${toInstant('first_ms')}, ${toInstant('ended_ms')}, ${toInstant('progress_ms')},
      ${toInstant('last_ms')}, ${toInstant('held_ms')}, holds::jsonb, facts::jsonb, reopened_count, complaint_count
    from ${folded} where saved_event_count = 0
    on conflict (site, order_id) do nothing
    returning 1)
  select count(*)::int as count from written`

const updateOrders = `
  with written as (
    update orders o set event_count = t.event_count, process = t.process, status = t.status, customer = t.customer,
      product = t.product, department = t.department, promised_at = ${toInstant('t.promised_ms')},
      placed_at = ${toInstant('t.placed_ms')}, first_at = ${toInstant('t.first_ms')},
      ended_at = ${toInstant('t.ended_ms')}, last_progress_at = ${toInstant('t.progress_ms')},
      last_event_at = ${toInstant('t.last_ms')}, held_since = ${toInstant('t.held_ms')}, holds = t.holds::jsonb,
      facts = t.facts::jsonb,
      reopened_count = t.reopened_count, complaint_count = t.complaint_count
    from ${folded}
    where o.site = $1 and o.order_id = t.order_id and o.event_count = t.saved_event_count
    returning 1)
  select count(*)::int as count from written`

/**
 * Writes folded orders and the visits that differ. Orders are written in the order of their key, so that two
 * transactions do not wait for each other.
 * @throws StaleFoldError when a row is no longer the one that was folded on.
 */
export async function saveOrders(tx: Queryable, site: string, changes: readonly FoldedChange[]): Promise<void> {
  const sorted = changes.toSorted((a, b) => (a.order < b.order ? -1 : 1))
  // Sent without waiting between: the database works on one while the next is written out. Of several failures the
  // first in this order is the cause: visits collide where the fold was stale.
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
  if (changes.length === 0) return
  const [written] = await tx.query<{ count: number }>(statement, [site, ...columns(changes)])
  if (written?.count !== changes.length) throw new StaleFoldError(changes.map((change) => change.order))
}

function columns(changes: readonly FoldedChange[]): unknown[][] {
  return [
    changes.map((change) => change.order),
    changes.map((change) => change.savedEventCount),
    changes.map((change) => change.eventCount),
    changes.map((change) => change.process),
    changes.map((change) => change.state?.status ?? 'void'),
    changes.map((change) => change.state?.facts.customer ?? null),
    changes.map((change) => change.state?.facts.product ?? null),
    changes.map((change) => change.state?.facts.department ?? null),
    changes.map((change) => change.state?.facts.promisedAt ?? null),
    changes.map((change) => change.state?.placedAt ?? null),
    changes.map((change) => change.state?.firstAt ?? null),
    changes.map((change) => change.state?.endedAt ?? null),
    changes.map((change) => change.state?.lastProgressAt ?? null),
    changes.map((change) => change.state?.lastEventAt ?? null),
    changes.map((change) => change.state?.heldSince ?? null),
    changes.map((change) => JSON.stringify(change.state?.holds ?? [])),
    changes.map((change) => JSON.stringify(otherFacts(change.state))),
    changes.map((change) => change.state?.reopenedCount ?? 0),
    changes.map((change) => change.state?.complaintCount ?? 0),
  ]
}

function otherFacts(state: FoldState | undefined): Record<string, unknown> {
  const { customerClass, quantity, amount, currency, priority } = state?.facts ?? {}
  return { customerClass, quantity, amount, currency, priority }
}
