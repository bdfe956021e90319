import { toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import type { FoldState } from '@stagewatch/shared/domain/fold-state.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'

/** An order as its events now say, to be written over what the tables say. */
export interface FoldedChange {
  readonly order: string
  readonly eventCount: number
  readonly process: string
  /** Undefined: every event of the order was taken back. */
  readonly state: FoldState | undefined
  /** Visits before this index stand in the table already as they are. */
  readonly unchangedVisits: number
  /** How many visits the table holds of it. */
  readonly savedVisits: number
}

const updateOrders = `
  update orders o set event_count = t.event_count, process = t.process, status = t.status, customer = t.customer,
    product = t.product, department = t.department, promised_at = ${toInstant('t.promised_ms')},
    placed_at = ${toInstant('t.placed_ms')}, first_at = ${toInstant('t.first_ms')}, ended_at = ${toInstant('t.ended_ms')},
    last_progress_at = ${toInstant('t.progress_ms')}, last_event_at = ${toInstant('t.last_ms')}, held_since = ${toInstant('t.held_ms')}, facts = t.facts::jsonb,
    reopened_count = t.reopened_count, complaint_count = t.complaint_count
  from unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::float8[],
    $10::float8[], $11::float8[], $12::float8[], $13::float8[], $14::float8[], $15::float8[], $16::text[], $17::int[], $18::int[])
    as t(order_id, event_count, process, status, customer, product, department, promised_ms, placed_ms, first_ms,
      ended_ms, progress_ms, last_ms, held_ms, facts, reopened_count, complaint_count)
  where o.site = $1 and o.order_id = t.order_id`

const upsertVisits = `
  insert into visits (site, order_id, visit_index, stage, nth, entered_at, started_at, left_at, held_ms, held_since,
    cancelled, owner, department, reason)
  select $1, order_id, visit_index, stage, nth, ${toInstant('entered_ms')}, ${toInstant('started_ms')},
    ${toInstant('left_ms')}, held_ms, ${toInstant('held_since_ms')}, cancelled, owner, department, reason
  from unnest($2::text[], $3::int[], $4::text[], $5::int[], $6::float8[], $7::float8[], $8::float8[], $9::bigint[],
    $10::float8[], $11::boolean[], $12::text[], $13::text[], $14::text[])
    as t(order_id, visit_index, stage, nth, entered_ms, started_ms, left_ms, held_ms, held_since_ms, cancelled, owner,
      department, reason)
  on conflict (site, order_id, visit_index) do update set stage = excluded.stage, nth = excluded.nth,
    entered_at = excluded.entered_at, started_at = excluded.started_at, left_at = excluded.left_at,
    held_ms = excluded.held_ms, held_since = excluded.held_since, cancelled = excluded.cancelled,
    owner = excluded.owner, department = excluded.department, reason = excluded.reason`

const deleteVisits = `
  delete from visits v using unnest($2::text[], $3::int[]) as t(order_id, visit_count)
  where v.site = $1 and v.order_id = t.order_id and v.visit_index >= t.visit_count`

/** Writes folded orders and the visits that differ; the rows of the orders exist and are locked by the caller. */
export async function saveOrders(tx: Queryable, site: string, changes: readonly FoldedChange[]): Promise<void> {
  if (changes.length === 0) return
  await tx.query(updateOrders, [site, ...orderColumns(changes)])
  const visits = changes.flatMap(changedVisits)
  if (visits.length > 0) await tx.query(upsertVisits, [site, ...visitColumns(visits)])
  const shrunk = changes.filter((change) => change.savedVisits > (change.state?.visits.length ?? 0))
  if (shrunk.length === 0) return
  await tx.query(deleteVisits, [
    site,
    shrunk.map((change) => change.order),
    shrunk.map((change) => change.state?.visits.length ?? 0),
  ])
}

function orderColumns(changes: readonly FoldedChange[]): unknown[][] {
  return [
    changes.map((change) => change.order),
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
    changes.map((change) => JSON.stringify(otherFacts(change.state))),
    changes.map((change) => change.state?.reopenedCount ?? 0),
    changes.map((change) => change.state?.complaintCount ?? 0),
  ]
}

function otherFacts(state: FoldState | undefined): Record<string, unknown> {
  const { quantity, amount, currency, priority } = state?.facts ?? {}
  return { quantity, amount, currency, priority }
}

interface IndexedVisit {
  readonly order: string
  readonly index: number
  readonly visit: StageVisit
}

function changedVisits(change: FoldedChange): IndexedVisit[] {
  const visits = change.state?.visits ?? []
  return visits
    .slice(change.unchangedVisits)
    .map((visit, i) => ({ order: change.order, index: change.unchangedVisits + i, visit }))
}

function visitColumns(rows: readonly IndexedVisit[]): unknown[][] {
  return [
    rows.map((row) => row.order),
    rows.map((row) => row.index),
    rows.map((row) => row.visit.stage),
    rows.map((row) => row.visit.nth),
    rows.map((row) => row.visit.enteredAt),
    rows.map((row) => row.visit.startedAt ?? null),
    rows.map((row) => row.visit.leftAt ?? null),
    rows.map((row) => row.visit.heldMs),
    rows.map((row) => row.visit.heldSince ?? null),
    rows.map((row) => row.visit.cancelled === true),
    rows.map((row) => row.visit.owner ?? null),
    rows.map((row) => row.visit.department ?? null),
    rows.map((row) => row.visit.reason ?? null),
  ]
}
