import { hash } from 'node:crypto'
import type { Queryable } from '@stagewatch/db/database.ts'
import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { inStatements } from './in-statements.ts'

const selectArchived = `
  select replace(a.key::text, '-', '') as key, replace(a.content_hash::text, '-', '') as "contentHash"
  from unnest($2::text[]) as t(key) join archived_events a on a.site = $1 and a.key = t.key::uuid`

const noneArchived = `
  select 1 / (not exists (
    select from unnest($2::text[]) as t(key)
    join archived_events a on a.site = $1 and a.key = t.key::uuid))::int as none_archived`

interface ArchivedRow {
  readonly key: string
  readonly contentHash: string
}

type Identified = Pick<OrderEvent, 'source' | 'id'>

/** Key of an event in the table of archived events: 128 bits in hex. */
export function archivedKey({ source, id }: Identified): string {
  return hash('sha256', eventIdentity(source, id), 'hex').slice(0, 32)
}

/** Content hashes, by identity, of those of the events that are archived. */
export async function loadArchived(
  tx: Queryable,
  site: string,
  events: readonly Identified[],
): Promise<ReadonlyMap<string, string>> {
  const found = await inStatements(events, async (some) => {
    const identities = new Map(some.map((event) => [archivedKey(event), eventIdentity(event.source, event.id)]))
    const rows = await tx.query<ArchivedRow>(selectArchived, [site, [...identities.keys()]])
    return rows.map(({ key, contentHash }) => [identities.get(key) ?? '', contentHash] as const)
  })
  return new Map(found.flat())
}

/** Makes the transaction fail if one of the events is archived. Does not wait for the result. */
export function sendNoneArchived(tx: Queryable, site: string, events: readonly Identified[]): void {
  // Fails with a division by zero.
  tx.query(noneArchived, [site, events.map(archivedKey)]).catch(() => undefined)
}
