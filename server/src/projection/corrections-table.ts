import { epochMs, toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import type { CorrectionsQuery } from '@stagewatch/shared/contract/corrections.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { CorrectedVisit, Correction } from '@stagewatch/shared/domain/correction.ts'
import type { EventType } from '@stagewatch/shared/domain/order-event.ts'

/** What late events changed of an order that had been counted without them. */
export interface OrderCorrection extends Correction {
  readonly order: string
  readonly process: string
  readonly events: readonly { readonly source: string; readonly id: string; readonly type: EventType }[]
}

/** Belongs into the transaction of the events. */
export async function saveCorrections(tx: Queryable, site: string, all: readonly OrderCorrection[]): Promise<void> {
  if (all.length === 0) return
  await tx.query(
    `insert into corrections (site, order_id, process, events, removed, added)
     select $1, order_id, process, events::jsonb, removed::jsonb, added::jsonb
     from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
       as t(order_id, process, events, removed, added)`,
    [
      site,
      all.map(({ order }) => order),
      all.map(({ process }) => process),
      all.map(({ events }) => JSON.stringify(events)),
      all.map(({ removed }) => JSON.stringify(removed)),
      all.map(({ added }) => JSON.stringify(added)),
    ],
  )
}

/** The newest first; of a scope what its departments had to do with. */
export async function loadCorrections(
  db: Queryable,
  site: string,
  { from, to, process, order, limit }: CorrectionsQuery,
  scope: DepartmentScope,
): Promise<(OrderCorrection & { readonly at: number })[]> {
  const found = await db.query<OrderCorrection & { readonly at: number }>(
    `select round(${epochMs('recorded_at')})::float8 as at, order_id as "order", process, events, removed, added
     from corrections
     where site = $1 and recorded_at >= coalesce(${toInstant('$2::float8')}, '-infinity')
       and recorded_at < coalesce(${toInstant('$3::float8')}, 'infinity')
       and ($4::text[] is null or process = any($4::text[])) and ($5::text is null or order_id = $5::text)
       and ($7::text[] is null or exists (select from jsonb_array_elements(removed || added) as t(visit)
         where coalesce(visit ->> 'department', '') = any($7::text[])))
     order by recorded_at desc, id desc limit $6`,
    [site, from ?? null, to ?? null, process ?? null, order ?? null, limit, scope ?? null],
  )
  if (scope === undefined) return found
  const isSeen = ({ department = '' }: CorrectedVisit) => scope.includes(department)
  return found.map(({ removed, added, ...rest }) => ({
    ...rest,
    removed: removed.filter(isSeen),
    added: added.filter(isSeen),
  }))
}
