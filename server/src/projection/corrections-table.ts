import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archives } from '@stagewatch/db/retention-schema.ts'
import { corrections } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { insertRows } from '@stagewatch/db/write-columns.ts'
import type { CorrectionsQuery } from '@stagewatch/shared/contract/corrections.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { CorrectedVisit, Correction } from '@stagewatch/shared/domain/correction.ts'
import { and, desc, eq, gt, gte, lt, sql } from 'drizzle-orm'

/** How late events changed an order that had been counted without them. */
export interface OrderCorrection extends Correction {
  readonly order: string
  readonly process: string
  readonly events: (typeof corrections.$inferSelect)['events']
}

/** Must run in the transaction of the events. */
export async function saveCorrections(tx: Queryable, site: string, all: readonly OrderCorrection[]): Promise<void> {
  if (all.length === 0) return
  const insert = insertRows(corrections, all, {
    site: () => site,
    orderId: ({ order }) => order,
    process: ({ process }) => process,
    events: ({ events }) => events,
    removed: ({ removed }) => removed,
    added: ({ added }) => added,
  })
  await drizzleOn(tx).execute(insert)
}

const columns = {
  at: corrections.recordedAt,
  order: corrections.orderId,
  process: corrections.process,
  events: corrections.events,
  removed: corrections.removed,
  added: corrections.added,
}

/** Newest first; with a scope, only those that concern its departments. */
export async function loadCorrections(
  db: Queryable,
  site: string,
  { from, to, process, order, limit }: CorrectionsQuery,
  scope: DepartmentScope,
): Promise<(OrderCorrection & { readonly at: number })[]> {
  const isWanted = and(
    eq(corrections.site, site),
    from === undefined ? undefined : gte(corrections.recordedAt, from),
    to === undefined ? undefined : lt(corrections.recordedAt, to),
    process && anyOf(corrections.process, process),
    order === undefined ? undefined : eq(corrections.orderId, order),
    scope && concerns(scope),
  )
  const found = await drizzleOn(db)
    .select(columns)
    .from(corrections)
    .where(isWanted)
    .orderBy(desc(corrections.recordedAt), desc(corrections.id))
    .limit(limit)
  if (scope === undefined) return found
  const isSeen = ({ department = '' }: CorrectedVisit) => scope.includes(department)
  return found.map(({ removed, added, ...rest }) => ({
    ...rest,
    removed: removed.filter(isSeen),
    added: added.filter(isSeen),
  }))
}

/** Whether corrections of archived orders are in files. */
export async function hasArchivedCorrections(db: Queryable, site: string): Promise<boolean> {
  const archived = await drizzleOn(db)
    .select({ id: archives.id })
    .from(archives)
    .where(and(eq(archives.site, site), gt(archives.correctionCount, 0)))
    .limit(1)
  return archived.length > 0
}

/** Whether it concerns the departments; a visit without one has the empty name. */
function concerns(departments: readonly string[]) {
  return sql`exists (
    select from jsonb_array_elements(${corrections.removed} || ${corrections.added}) as t(visit)
    where coalesce(visit ->> 'department', '') = any(${sql.param(departments)}::text[]))`
}
