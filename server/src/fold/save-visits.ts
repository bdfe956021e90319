import { toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import type { FoldedChange } from './folded-change.ts'

const written = `
  unnest($2::text[], $3::int[], $4::text[], $5::int[], $6::float8[], $7::float8[], $8::float8[], $9::bigint[],
    $10::float8[], $11::boolean[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[])
  as t(order_id, visit_index, stage, nth, entered_ms, started_ms, left_ms, held_ms, held_since_ms, cancelled, owner,
    department, reason, handovers, waits)`

const insertVisits = `
  insert into visits (site, order_id, visit_index, stage, nth, entered_at, started_at, left_at, held_ms, held_since,
    cancelled, owner, department, reason, handovers, waits)
  select $1, order_id, visit_index, stage, nth, ${toInstant('entered_ms')}, ${toInstant('started_ms')},
    ${toInstant('left_ms')}, held_ms, ${toInstant('held_since_ms')}, cancelled, owner, department, reason,
    handovers::jsonb, waits::jsonb
  from ${written}`

const updateVisits = `
  update visits v set stage = t.stage, nth = t.nth, entered_at = ${toInstant('t.entered_ms')},
    started_at = ${toInstant('t.started_ms')}, left_at = ${toInstant('t.left_ms')}, held_ms = t.held_ms,
    held_since = ${toInstant('t.held_since_ms')}, cancelled = t.cancelled, owner = t.owner,
    department = t.department, reason = t.reason, handovers = t.handovers::jsonb, waits = t.waits::jsonb
  from ${written}
  where v.site = $1 and v.order_id = t.order_id and v.visit_index = t.visit_index`

const deleteVisits = `
  delete from visits v using unnest($2::text[]) as t(order_id) where v.site = $1 and v.order_id = t.order_id`

interface IndexedVisit {
  readonly order: string
  readonly index: number
  readonly visit: StageVisit
}

/**
 * Writes the visits that differ from the table. Where it is not known what the table holds, all visits of the order
 * are written anew: plain inserts and updates cost half of an upsert.
 */
export async function saveVisits(tx: Queryable, site: string, changes: readonly FoldedChange[]): Promise<void> {
  const unknown = changes.filter((change) => change.savedVisits === undefined).map((change) => change.order)
  const fresh: IndexedVisit[] = []
  const changed: IndexedVisit[] = []
  for (const { order, state, unchangedVisits, savedVisits = 0 } of changes) {
    const visits = state?.visits ?? []
    for (const [i, visit] of visits.slice(unchangedVisits).entries()) {
      const index = unchangedVisits + i
      const target = index < savedVisits ? changed : fresh
      target.push({ order, index, visit })
    }
  }
  // Carried out in this order, which the database keeps to.
  await Promise.all([
    unknown.length > 0 && tx.query(deleteVisits, [site, unknown]),
    changed.length > 0 && tx.query(updateVisits, [site, ...columns(changed)]),
    fresh.length > 0 && tx.query(insertVisits, [site, ...columns(fresh)]),
  ])
}

function columns(rows: readonly IndexedVisit[]): unknown[][] {
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
    rows.map((row) => json(row.visit.handovers)),
    rows.map((row) => json(row.visit.waits)),
  ]
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
