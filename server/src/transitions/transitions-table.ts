import { toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { transitions } from '@stagewatch/db/reactions-schema.ts'
import { events, orders as orderRows, visits } from '@stagewatch/db/schema.ts'
import { anyOf, epochMsOf } from '@stagewatch/db/sql-expressions.ts'
import { and, eq, getTableColumns, isNull, lt, ne, sql } from 'drizzle-orm'

export type TransitionKind = (typeof transitions.$inferSelect)['kind']

/** A condition that started and may have ended. Instants are epoch ms. */
export interface Transition {
  readonly id: number
  readonly kind: TransitionKind
  readonly process: string
  /** Empty if it is about the stage as a whole. */
  readonly order: string
  readonly stage: string
  /** Ordinal of the order's visit to the stage, from 1; 0 without an order. */
  readonly nth: number
  readonly beganAt: number
  /** Undefined while it has not ended. */
  readonly endedAt?: number
  /** It started before the import that reported it: this is history, and nobody is notified. */
  readonly imported: boolean
}

/** A start detected by this server instance; `eventCount`: number of the order's events that it has seen. */
export interface TransitionStart extends Omit<Transition, 'id' | 'endedAt' | 'imported'> {
  readonly eventCount: number
}

/** An end detected by this server instance; `eventCount` is undefined if it does not know the order. */
export interface TransitionEnd {
  readonly id: number
  readonly eventCount: number | undefined
}

type TransitionRow = Omit<Transition, 'endedAt'> & { readonly endedAt: number | null }

const { site: _site, orderId, ...others } = getTableColumns(transitions)
const columns = { ...others, order: orderId }

/** The same columns for statements written as SQL. */
const returned = sql`
  ${transitions.id}::float8 as id, ${transitions.kind}, ${transitions.process}, ${orderId} as "order",
  ${transitions.stage}, ${transitions.nth}, ${epochMsOf(transitions.beganAt)} as "beganAt",
  ${epochMsOf(transitions.endedAt)} as "endedAt", ${transitions.imported}`

/** Transitions that have not ended, of some orders or of all. */
export async function loadOpen(
  db: Queryable,
  site: string,
  kind: TransitionKind,
  orders?: readonly string[],
): Promise<Transition[]> {
  const rows = await drizzleOn(db)
    .select(columns)
    .from(transitions)
    .where(and(isOpen(site, kind), orders && anyOf(orderId, orders)))
  return rows.map(transitionOf)
}

/**
 * Records the start of conditions of visits. Skips those already recorded, and orders for which this instance has seen
 * a different set of events than the database, because another instance has the correct state.
 * @returns the new transitions.
 */
export async function recordStarts(
  tx: Queryable,
  site: string,
  starts: readonly TransitionStart[],
): Promise<Transition[]> {
  if (starts.length === 0) return []
  const seen = sql`
    unnest(
      ${sql.param(starts.map(({ kind }) => kind))}::text[],
      ${sql.param(starts.map(({ process }) => process))}::text[],
      ${sql.param(starts.map(({ order }) => order))}::text[],
      ${sql.param(starts.map(({ stage }) => stage))}::text[],
      ${sql.param(starts.map(({ nth }) => nth))}::int[],
      ${sql.param(starts.map(({ beganAt }) => beganAt))}::float8[],
      ${sql.param(starts.map(({ eventCount }) => eventCount))}::int[])
    as t(kind, process, order_id, stage, nth, began_ms, event_count)`
  const beganAt = sql.raw(toInstant('t.began_ms'))
  const rows = await drizzleOn(tx).execute<TransitionRow>(sql`
    insert into ${transitions} (site, kind, process, order_id, stage, nth, began_at, imported)
    select ${site}, t.kind, t.process, t.order_id, t.stage, t.nth, ${beganAt}, exists (
      select from ${events} e
      where e.site = ${site} and e.order_id = t.order_id and e.imported and e.recorded_at >= ${beganAt})
    from ${seen}
    where exists (
      select from ${orderRows} o
      where o.site = ${site} and o.order_id = t.order_id and o.event_count = t.event_count)
    order by t.order_id, t.stage, t.nth
    on conflict do nothing
    returning ${returned}`)
  return rows.map(transitionOf)
}

/**
 * Records the end of conditions of visits in the same way. For an order unknown to this instance, its visits in the
 * database decide.
 */
export async function recordEnds(
  tx: Queryable,
  site: string,
  ends: readonly TransitionEnd[],
  now: number,
): Promise<Transition[]> {
  if (ends.length === 0) return []
  const ids = sql.param(ends.map(({ id }) => id))
  const eventCounts = sql.param(ends.map(({ eventCount }) => eventCount ?? null))
  const rows = await drizzleOn(tx).execute<TransitionRow>(sql`
    with locked as (
      select t.site, t.id from ${transitions} t
      join unnest(${ids}::float8[], ${eventCounts}::int[]) as e(id, event_count) on t.id = e.id::bigint
      where t.site = ${site} and t.ended_at is null and t.order_id <> '' and case
        when e.event_count is null then not exists (
          select from ${visits} v
          where v.site = ${site} and v.order_id = t.order_id and v.stage = t.stage and v.nth = t.nth
            and v.left_at is null)
        else not exists (
          select from ${orderRows} o
          where o.site = ${site} and o.order_id = t.order_id and o.event_count <> e.event_count) end
      order by t.order_id, t.stage, t.nth for update of t)
    update ${transitions} set ended_at = ${endAt(now)} from locked
    where ${transitions.site} = locked.site and ${transitions.id} = locked.id and ${transitions.endedAt} is null
    returning ${returned}`)
  return rows.map(transitionOf)
}

/** Records the bottleneck stage of a process; undefined if there is none. @returns what started and what ended. */
export async function recordBottleneck(
  tx: Queryable,
  site: string,
  process: string,
  stage: string | undefined,
  now: number,
): Promise<Transition[]> {
  const on = drizzleOn(tx)
  const ended = await on
    .update(transitions)
    .set({ endedAt: endAt(now) })
    .where(
      and(
        isOpen(site, 'bottleneck'),
        eq(transitions.process, process),
        stage === undefined ? undefined : ne(transitions.stage, stage),
      ),
    )
    .returning(columns)
  const starts =
    stage === undefined
      ? []
      : await on
          .insert(transitions)
          .values({ site, kind: 'bottleneck', process, stage, beganAt: now })
          .onConflictDoNothing()
          .returning(columns)
  return [...ended, ...starts].map(transitionOf)
}

function isOpen(site: string, kind: TransitionKind) {
  return and(
    eq(transitions.site, site),
    eq(transitions.kind, kind),
    isNull(transitions.endedAt),
    // As the index of what is open says it, which stays small; without, all would be read until there are statistics.
    kind === 'bottleneck' ? sql`${orderId} = ''` : sql`${orderId} <> ''`,
  )
}

/** An end is never before the start, even if the clocks of two server instances differ. */
function endAt(now: number) {
  return sql`greatest(${transitions.beganAt}, ${sql.param(now, transitions.endedAt)})`
}

/** How long ended transitions are kept. */
const keptDays = 90

export async function deleteOldTransitions(db: Queryable): Promise<void> {
  await drizzleOn(db)
    .delete(transitions)
    .where(lt(transitions.endedAt, sql`now() - make_interval(days => ${keptDays})`))
}

function transitionOf({ endedAt, beganAt, ...row }: TransitionRow): Transition {
  return { ...row, beganAt: Math.round(beganAt), ...(endedAt !== null && { endedAt: Math.round(endedAt) }) }
}
