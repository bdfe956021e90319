import type { Queryable } from '@stagewatch/db/database.ts'
import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { inStatements } from './in-statements.ts'

const selectArchived = `
  select a.source, a.id, replace(a.content_hash::text, '-', '') as "contentHash"
  from unnest($2::text[], $3::text[]) as t(source, id)
  join archived_events a on a.site = $1 and a.source = t.source and a.id = t.id`

const noneArchived = `
  select 1 / (not exists (
    select from unnest($2::text[], $3::text[]) as t(source, id)
    join archived_events a on a.site = $1 and a.source = t.source and a.id = t.id))::int as none_archived`

interface ArchivedRow {
  readonly source: string
  readonly id: string
  readonly contentHash: string
}

type Identified = Pick<OrderEvent, 'source' | 'id'>

/** Content hashes, by identity, of those of the events that are archived. */
export async function loadArchived(
  tx: Queryable,
  site: string,
  events: readonly Identified[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await inStatements(events, (some) =>
    tx.query<ArchivedRow>(selectArchived, [site, some.map(({ source }) => source), some.map(({ id }) => id)]),
  )
  return new Map(rows.flat().map(({ source, id, contentHash }) => [eventIdentity(source, id), contentHash]))
}

/** Makes the transaction fail if one of the events is archived. Does not wait for the result. */
export function sendNoneArchived(tx: Queryable, site: string, events: readonly Identified[]): void {
  // Fails with a division by zero.
  const sent = tx.query(noneArchived, [site, events.map(({ source }) => source), events.map(({ id }) => id)])
  sent.catch(() => undefined)
}
