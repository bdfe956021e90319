import type { AuditStream } from '@stagewatch/db/audit-schema.ts'

/** A table whose rows are sealed in the order of their commits. */
export interface StreamTable {
  readonly name: AuditStream
  /** Column that numbers the rows; no number is used twice. */
  readonly position: 'position' | 'id'
  /**
   * SQL for the SHA-256 of everything that a row says, as bytea; the row is `r`. Transaction ids and the server
   * instance that wrote it are left out, because they mean nothing after a restore. Seals that exist are checked with
   * it, so it must not change.
   */
  readonly leaf: string
}

/** SQL for an instant that is the same in every session; infinite instants have no epoch. */
const instant = (column: string) =>
  `case when isfinite(r.${column}) then extract(epoch from r.${column})::text else r.${column}::text end`

const hashOf = (values: readonly string[]) =>
  `sha256(convert_to(jsonb_build_array(${values.join(', ')})::text, 'UTF8'))`

/** SQL for the hash of an event's row `r`. */
const eventLeaf = hashOf([
  `'event'`,
  'r.site',
  'r.position',
  'r.source',
  'r.id',
  'r.type',
  'r.order_id',
  'r.stage',
  instant('occurred_at'),
  'r.actor',
  'r.sequence',
  'r.data',
  'r.content_hash',
  'r.key_id',
  instant('recorded_at'),
  'r.imported',
  'r.import_id',
])

const changeLeaf = hashOf([
  `'change'`,
  'r.site',
  'r.id',
  instant('changed_at'),
  'r.actor_kind',
  'r.actor',
  'r.action',
  'r.subject',
  'r.before',
  'r.after',
  'r.reason',
  instant('valid_from'),
])

export const streamTables: readonly StreamTable[] = [
  { name: 'events', position: 'position', leaf: eventLeaf },
  { name: 'changes', position: 'id', leaf: changeLeaf },
]

export function streamTable(name: StreamTable['name']): StreamTable {
  const table = streamTables.find((one) => one.name === name)
  if (table === undefined) throw new Error(`there is no stream ${name}`)
  return table
}
