import { alertLog, alerts } from '@stagewatch/db/alerts-schema.ts'
import { toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events, orders as orderRows, visits } from '@stagewatch/db/schema.ts'
import { anyOf, epochMsOf } from '@stagewatch/db/sql-expressions.ts'
import type { LadderState } from '@stagewatch/shared/domain/alerts/alert-ladder.ts'
import { and, eq, getTableColumns, isNull, lt, ne, sql } from 'drizzle-orm'
import { announceChange } from '../platform/site-changes.ts'

/** What an alert is about. Empty texts and 0 mean that a field does not apply. */
export interface AlertSubject {
  readonly ruleId: string
  readonly process: string
  readonly order: string
  readonly stage: string
  /** Number of the order's visit to the stage, starting at 1. */
  readonly nth: number
  readonly source: string
}

/** Instants are epoch ms. */
export interface StoredAlert extends AlertSubject {
  readonly id: number
  readonly beganAt: number
  readonly notedAt: number
  readonly endedAt?: number
  readonly isSilent: boolean
  readonly isUnknown: boolean
  readonly ladder: LadderState
  readonly revision: number
  /** Due time of the next job. */
  readonly nextAt?: number
}

/**
 * The start of an alert as seen by this server instance; `eventCount` is the number of the order's events it has seen.
 */
export interface AlertBeginning extends AlertSubject {
  readonly beganAt: number
  /** See `activeFrom` of the rule. */
  readonly activeFrom: number
  readonly eventCount: number
}

const { site: _site, orderId, ...others } = getTableColumns(alerts)
const columns = { ...others, order: orderId }
type AlertRow = Omit<typeof alerts.$inferSelect, 'site' | 'orderId'> & { readonly order: string }

const isOpen = isNull(alerts.endedAt)

function isAlert(site: string, id: number) {
  return and(eq(alerts.site, site), eq(alerts.id, id))
}

/** Orders with an open alert. */
export async function loadWarnedOrders(db: Queryable, site: string): Promise<string[]> {
  const rows = await drizzleOn(db)
    .selectDistinct({ order: orderId })
    .from(alerts)
    .where(and(eq(alerts.site, site), isOpen, ne(orderId, '')))
  return rows.map(({ order }) => order)
}

/** The open alerts of some orders. */
export async function loadOpenOrderAlerts(
  db: Queryable,
  site: string,
  orders: readonly string[],
): Promise<StoredAlert[]> {
  const rows = await drizzleOn(db)
    .select(columns)
    .from(alerts)
    .where(and(eq(alerts.site, site), isOpen, anyOf(orderId, orders)))
  return rows.map(alertOf)
}

/** Open alerts that are not about a single order. */
export async function loadOpenMeasureAlerts(db: Queryable, site: string): Promise<StoredAlert[]> {
  const rows = await drizzleOn(db)
    .select(columns)
    .from(alerts)
    .where(and(eq(alerts.site, site), isOpen, eq(orderId, '')))
  return rows.map(alertOf)
}

export async function loadAlert(db: Queryable, site: string, id: number): Promise<StoredAlert | undefined> {
  const [row] = await drizzleOn(db).select(columns).from(alerts).where(isAlert(site, id))
  return row && alertOf(row)
}

/** Locked until the transaction ends. */
export async function lockAlert(tx: Queryable, site: string, id: number): Promise<StoredAlert | undefined> {
  const [row] = await drizzleOn(tx).select(columns).from(alerts).where(isAlert(site, id)).for('update')
  return row && alertOf(row)
}

/**
 * Records alerts that started. Skips alerts that are recorded already, and those of orders of which another server
 * instance has seen other events, because that instance has the correct state. Alerts that started before their rule
 * was enabled, or before the import that reports them, are recorded silently. An alert that had ended and holds again
 * since the same instant is continued.
 * @returns the new and the continued alerts, in no particular order.
 */
export async function beginAlerts(
  tx: Queryable,
  site: string,
  begun: readonly AlertBeginning[],
  now: number,
): Promise<StoredAlert[]> {
  if (begun.length === 0) return []
  const beganAt = sql.raw(toInstant('t.began_ms'))
  const noted = sql.param(now, alerts.notedAt)
  const rows = await drizzleOn(tx).execute<ReturnedRow>(sql`
    insert into ${alerts}
      (site, rule_id, process, order_id, stage, nth, source, began_at, noted_at, counts_from, is_silent)
    select ${site}, t.rule_id, t.process, t.order_id, t.stage, t.nth, t.source, ${beganAt}, ${noted},
      greatest(${beganAt}, ${noted}),
      t.began_ms < t.active_ms or exists (
        select from ${events} e
        where e.site = ${site} and e.order_id = t.order_id and e.imported and e.recorded_at >= ${beganAt})
    from unnest(
      ${sql.param(begun.map(({ ruleId }) => ruleId))}::text[],
      ${sql.param(begun.map(({ process }) => process))}::text[],
      ${sql.param(begun.map(({ order }) => order))}::text[],
      ${sql.param(begun.map(({ stage }) => stage))}::text[],
      ${sql.param(begun.map(({ nth }) => nth))}::int[],
      ${sql.param(begun.map(({ source }) => source))}::text[],
      ${sql.param(begun.map((one) => one.beganAt))}::float8[],
      ${sql.param(begun.map(({ activeFrom }) => activeFrom))}::float8[],
      ${sql.param(begun.map(({ eventCount }) => eventCount))}::int[])
      as t(rule_id, process, order_id, stage, nth, source, began_ms, active_ms, event_count)
    where (t.order_id = '' or exists (
        select from ${orderRows} o
        where o.site = ${site} and o.order_id = t.order_id and o.event_count = t.event_count))
      and exists (select from alert_rules r where r.site = ${site} and r.id = t.rule_id)
      and not exists (
        select from ${alerts} a
        where a.site = ${site} and a.rule_id = t.rule_id and a.order_id = t.order_id and a.process = t.process
          and a.stage = t.stage and a.nth = t.nth and a.source = t.source and a.ended_at is null)
    order by t.order_id, t.stage, t.nth, t.rule_id
    on conflict (site, rule_id, order_id, process, stage, nth, source, began_at)
      do update set ended_at = null, revision = ${alerts.revision} + 1
      where ${alerts.endedAt} is not null
    returning ${returned}`)
  if (rows.length > 0) await announceChange(tx, site, 'alerts')
  return rows.map(fromReturned)
}

/** The ends of alerts as seen by this instance; `eventCount` is undefined if it does not have the order. */
export interface AlertEnding {
  readonly id: number
  readonly eventCount: number | undefined
}

/** @returns the ids of the alerts that ended now. */
export async function endAlerts(
  tx: Queryable,
  site: string,
  endings: readonly AlertEnding[],
  now: number,
): Promise<number[]> {
  if (endings.length === 0) return []
  const rows = await drizzleOn(tx).execute<{ id: number }>(sql`
    with locked as (
      select a.site, a.id from ${alerts} a
      join unnest(
        ${sql.param(endings.map(({ id }) => id))}::float8[],
        ${sql.param(endings.map(({ eventCount }) => eventCount ?? null))}::int[]) as e(id, event_count)
        on a.id = e.id::bigint
      where a.site = ${site} and a.ended_at is null and (a.order_id = '' or case
        when e.event_count is null then not exists (
          select from ${visits} v
          where v.site = ${site} and v.order_id = a.order_id and v.stage = a.stage and v.nth = a.nth
            and v.left_at is null)
        else not exists (
          select from ${orderRows} o
          where o.site = ${site} and o.order_id = a.order_id and o.event_count <> e.event_count) end)
      order by a.id for update of a)
    update ${alerts} set ended_at = greatest(${alerts.beganAt}, ${sql.param(now, alerts.endedAt)}), next_at = null,
      hand_over = null, revision = revision + 1
    from locked where ${alerts.site} = locked.site and ${alerts.id} = locked.id
    returning ${alerts.id}::float8 as id`)
  if (rows.length > 0) await announceChange(tx, site, 'alerts')
  return rows.map(({ id }) => id)
}

/** Stores the state of the ladder as the next revision. The caller announces the change, once for many alerts. */
export async function saveLadder(
  tx: Queryable,
  site: string,
  alert: Pick<StoredAlert, 'id' | 'revision'>,
  ladder: LadderState,
  nextAt: number | undefined,
): Promise<void> {
  const { acknowledged, snoozedUntil, handOver, ...rest } = ladder
  await drizzleOn(tx)
    .update(alerts)
    .set({
      ...rest,
      acknowledgedAt: acknowledged?.at ?? null,
      acknowledgedUntil: acknowledged?.until ?? null,
      acknowledgedBy: acknowledged?.by ?? null,
      snoozedUntil: snoozedUntil ?? null,
      handOver: handOver ?? null,
      revision: alert.revision + 1,
      nextAt: nextAt ?? null,
    })
    .where(isAlert(site, alert.id))
}

export async function setUnknown(tx: Queryable, site: string, id: number, isUnknown: boolean): Promise<void> {
  await drizzleOn(tx).update(alerts).set({ isUnknown }).where(isAlert(site, id))
  await announceChange(tx, site, 'alerts')
}

export interface AlertLogEntry {
  readonly alertId: number
  readonly at: number
  readonly kind: (typeof alertLog.$inferSelect)['kind']
  readonly by?: string
  readonly recipients?: readonly string[]
  readonly until?: number
  readonly text?: string
}

export async function addToLog(tx: Queryable, site: string, entries: readonly AlertLogEntry[]): Promise<void> {
  if (entries.length === 0) return
  await drizzleOn(tx)
    .insert(alertLog)
    .values(entries.map((entry) => ({ site, ...entry })))
}

/** How long ended alerts are kept. */
const keptDays = 90

export async function deleteOldAlerts(db: Queryable): Promise<void> {
  await drizzleOn(db)
    .delete(alerts)
    .where(lt(alerts.endedAt, sql`now() - make_interval(days => ${keptDays})`))
}

/** The same columns for raw SQL statements. */
const returned = sql`
  ${alerts.id}::float8 as id, ${alerts.ruleId} as "ruleId", ${alerts.process}, ${orderId} as "order", ${alerts.stage},
  ${alerts.nth}, ${alerts.source}, ${epochMsOf(alerts.beganAt)} as "beganAt", ${epochMsOf(alerts.notedAt)} as "notedAt",
  ${epochMsOf(alerts.endedAt)} as "endedAt", ${alerts.isSilent} as "isSilent", ${alerts.isUnknown} as "isUnknown",
  ${epochMsOf(alerts.countsFrom)} as "countsFrom", ${alerts.skippedMs}::float8 as "skippedMs",
  ${alerts.stepsDone} as "stepsDone", ${alerts.round}, ${epochMsOf(alerts.acknowledgedAt)} as "acknowledgedAt",
  ${epochMsOf(alerts.acknowledgedUntil)} as "acknowledgedUntil", ${alerts.acknowledgedBy} as "acknowledgedBy",
  ${epochMsOf(alerts.snoozedUntil)} as "snoozedUntil", ${alerts.handOver} as "handOver",
  ${alerts.handOverCount} as "handOverCount", ${alerts.revision}, ${epochMsOf(alerts.nextAt)} as "nextAt"`

type ReturnedRow = AlertRow & Record<string, unknown>

function fromReturned(row: ReturnedRow): StoredAlert {
  const { beganAt, countsFrom, notedAt } = row
  return alertOf({
    ...row,
    beganAt: Math.round(beganAt),
    notedAt: Math.round(notedAt),
    countsFrom: Math.round(countsFrom),
  })
}

function alertOf(row: AlertRow): StoredAlert {
  const { endedAt, nextAt, acknowledgedAt, acknowledgedUntil, acknowledgedBy, snoozedUntil, handOver, ...rest } = row
  const { countsFrom, skippedMs, stepsDone, round, handOverCount, ...alert } = rest
  const ladder: LadderState = {
    countsFrom,
    skippedMs,
    stepsDone,
    round,
    handOverCount,
    ...(acknowledgedAt !== null && {
      acknowledged: {
        at: acknowledgedAt,
        until: acknowledgedUntil ?? Infinity,
        ...(acknowledgedBy !== null && { by: acknowledgedBy }),
      },
    }),
    ...(snoozedUntil !== null && { snoozedUntil }),
    ...(handOver !== null && { handOver }),
  }
  return { ...alert, ladder, ...(endedAt !== null && { endedAt }), ...(nextAt !== null && { nextAt }) }
}
