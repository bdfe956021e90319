import { alertLog, alertNotices, alertRules, alerts } from '@stagewatch/db/alerts-schema.ts'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { orders, visits } from '@stagewatch/db/schema.ts'
import type { AlertView, alertDetail, alertList, alertsQuery } from '@stagewatch/shared/contract/alerts.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { maskedText } from '@stagewatch/shared/domain/access/masked-name.ts'
import { translationsOf } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { and, asc, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from 'zod'
import { readAs } from '../access/read-as.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { AppError } from '../platform/app-error.ts'
import { customerName } from '../query/private-order.ts'

type AlertsQuery = z.infer<typeof alertsQuery>

/** Maximum number of entries returned for an alert, starting with its first one. */
const maxLogEntries = 500

/** The site whose alerts are read, and the reader. */
export interface AlertReading {
  readonly database: Database
  readonly site: string
  readonly audience: Audience
  readonly engine: LiveEngine
  /** Id of the person who reads. Undefined: an API key, a command or the server itself. */
  readonly personId?: string | undefined
}

const columns = {
  id: alerts.id,
  ruleId: alerts.ruleId,
  ruleName: alertRules.name,
  ruleNames: alertRules.names,
  severity: alertRules.severity,
  process: alerts.process,
  order: alerts.orderId,
  stage: alerts.stage,
  source: alerts.source,
  beganAt: alerts.beganAt,
  endedAt: alerts.endedAt,
  isSilent: alerts.isSilent,
  isUnknown: alerts.isUnknown,
  acknowledgedAt: alerts.acknowledgedAt,
  acknowledgedBy: alerts.acknowledgedBy,
  acknowledgedUntil: alerts.acknowledgedUntil,
  snoozedUntil: alerts.snoozedUntil,
  handOver: alerts.handOver,
  stepsDone: alerts.stepsDone,
  nextAt: alerts.nextAt,
  customer: orders.customer,
  owner: visits.owner,
}

function selectAlerts(db: Queryable) {
  return drizzleOn(db)
    .select(columns)
    .from(alerts)
    .innerJoin(alertRules, and(eq(alertRules.site, alerts.site), eq(alertRules.id, alerts.ruleId)))
    .leftJoin(orders, and(eq(orders.site, alerts.site), eq(orders.orderId, alerts.orderId)))
    .leftJoin(
      visits,
      and(
        eq(visits.site, alerts.site),
        eq(visits.orderId, alerts.orderId),
        eq(visits.stage, alerts.stage),
        eq(visits.nth, alerts.nth),
      ),
    )
}

type AlertRow = Awaited<ReturnType<typeof selectAlerts>>[number]

/**
 * Restricts alerts to departments by the department of the visit, see `departmentOf`. Alerts that are not about a
 * single order are visible only to readers of all departments.
 */
function isSeen(departments: DepartmentScope): SQL | undefined {
  if (departments === undefined) return undefined
  const known = sql`case when ${visits.attributes} is null then ${orders.department}
    else ${visits.attributes} ->> 'department' end`
  return sql`(${alerts.orderId} <> '' and ${visits.site} is not null
    and coalesce(${visits.department}, ${known}, '') = any(${sql.param([...departments])}::text[]))`
}

/** The alerts of a site, newest first. */
export async function listAlerts(
  reading: AlertReading,
  { state, rule, order, cursor, limit }: Omit<AlertsQuery, 'site'>,
  now: number,
): Promise<z.infer<typeof alertList>> {
  const { database, site, audience } = reading
  const { departments } = audience
  const ofState = state === 'open' ? isNull(alerts.endedAt) : isNotNull(alerts.endedAt)
  const asked = and(
    eq(alerts.site, site),
    isSeen(departments),
    ofState,
    rule === undefined ? undefined : eq(alerts.ruleId, rule),
    order === undefined ? undefined : eq(alerts.orderId, order),
    cursor === undefined ? undefined : isBefore(cursor),
  )
  const [rows, counts] = await readAs(database, { site, departments }, async (tx) => [
    await selectAlerts(tx)
      .where(asked)
      .orderBy(desc(alerts.beganAt), desc(alerts.id))
      .limit(limit + 1),
    await countOpen(tx, site, departments, now),
  ])
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return {
    alerts: page.map((row) => viewOf(row, reading, now)),
    ...counts,
    ...(last !== undefined && { cursor: `${last.beganAt}.${last.id}` }),
  }
}

/** @throws AppError `not_found`, also for an alert of other departments. */
export async function describeAlert(
  reading: AlertReading,
  id: number,
  now: number,
): Promise<z.infer<typeof alertDetail>> {
  const { database, site, audience } = reading
  const { departments, privacy } = audience
  const isIt = and(eq(alerts.site, site), eq(alerts.id, id), isSeen(departments))
  const [row, entries] = await readAs(database, { site, departments }, async (tx) => [
    (await selectAlerts(tx).where(isIt))[0],
    await drizzleOn(tx)
      .select()
      .from(alertLog)
      .where(and(eq(alertLog.site, site), eq(alertLog.alertId, id)))
      .orderBy(asc(alertLog.id))
      .limit(maxLogEntries),
  ])
  if (row === undefined) throw noSuchAlert()
  const showsPeople = privacy.people === 'shown'
  const names = {
    customers: [row.customer ?? undefined],
    people: [row.owner, ...entries.flatMap(({ by, recipients }) => [by, ...(recipients ?? [])])].map(
      (name) => name ?? undefined,
    ),
  }
  return {
    ...viewOf(row, reading, now),
    log: entries.map(({ at, kind, by, recipients, until, text }) => ({
      at,
      kind,
      ...(showsPeople && by !== null && { by }),
      ...(recipients !== null && { recipients: showsPeople ? [...recipients] : recipients.map(() => '') }),
      ...(until !== null && { until }),
      ...(text !== null && { text: maskedText(text, names, privacy) }),
    })),
  }
}

export function noSuchAlert(): AppError {
  return new AppError('not_found', 'there is no such alert', { field: 'id' })
}

async function countOpen(
  db: Queryable,
  site: string,
  departments: DepartmentScope,
  now: number,
): Promise<{ readonly openCount: number; readonly waitingCount: number }> {
  const isSnoozed = sql`coalesce(${alerts.snoozedUntil} > ${sql.param(now, alerts.snoozedUntil)}, false)`
  const [row] = await drizzleOn(db)
    .select({
      openCount: sql<number>`count(*)`.mapWith(Number),
      waitingCount: sql<number>`count(*) filter (where ${alerts.acknowledgedAt} is null and not ${isSnoozed})`.mapWith(
        Number,
      ),
    })
    .from(alerts)
    .leftJoin(orders, and(eq(orders.site, alerts.site), eq(orders.orderId, alerts.orderId)))
    .leftJoin(
      visits,
      and(
        eq(visits.site, alerts.site),
        eq(visits.orderId, alerts.orderId),
        eq(visits.stage, alerts.stage),
        eq(visits.nth, alerts.nth),
      ),
    )
    .where(and(eq(alerts.site, site), isNull(alerts.endedAt), isSeen(departments)))
  return row ?? { openCount: 0, waitingCount: 0 }
}

/** @throws AppError `invalid_field` */
function isBefore(cursor: string): SQL {
  const [, beganAt, id] = /^(\d{1,16})\.(\d{1,16})$/.exec(cursor) ?? []
  if (beganAt === undefined || id === undefined)
    throw new AppError('invalid_field', 'is not a cursor from a response; leave it out to start at the newest', {
      field: 'cursor',
      reason: 'unknown',
    })
  return sql`(${alerts.beganAt}, ${alerts.id}) < (${sql.param(Number(beganAt), alerts.beganAt)}, ${id}::bigint)`
}

function viewOf(row: AlertRow, { engine, audience, personId }: AlertReading, now: number): AlertView {
  const { privacy } = audience
  const showsPeople = privacy.people === 'shown'
  const names = translationsOf(row.ruleName, row.ruleNames)
  const stageName = engine.process(row.process)?.stage(row.stage)?.definition.name
  return {
    id: row.id,
    rule: { id: row.ruleId, name: row.ruleName, ...(names !== undefined && { names }), severity: row.severity },
    state: stateOf(row, now),
    beganAt: row.beganAt,
    isSilent: row.isSilent,
    isUnknown: row.isUnknown,
    stepsDone: row.stepsDone,
    ...(row.process !== '' && { process: row.process }),
    ...(row.order !== '' && { order: row.order }),
    ...(row.stage !== '' && { stage: row.stage }),
    ...(stageName !== undefined && { stageName }),
    ...(row.source !== '' && { source: row.source }),
    ...(row.customer !== null && { customer: customerName(row.customer, audience) }),
    ...(showsPeople && row.owner !== null && { owner: row.owner }),
    ...(row.endedAt !== null && { endedAt: row.endedAt }),
    ...(row.acknowledgedAt !== null && { acknowledgedAt: row.acknowledgedAt }),
    ...(showsPeople && row.acknowledgedBy !== null && { acknowledgedBy: row.acknowledgedBy }),
    ...(isInstant(row.acknowledgedUntil) && { acknowledgedUntil: row.acknowledgedUntil }),
    ...(row.snoozedUntil !== null && row.snoozedUntil > now && { snoozedUntil: row.snoozedUntil }),
    ...(row.handOver !== null && {
      acceptBy: row.handOver.acceptBy,
      isHandedToYou: row.handOver.toId === personId,
      ...(showsPeople && { handedTo: row.handOver.toName, handedBy: row.handOver.byName }),
    }),
    // The end of a hand-over notifies nobody by itself.
    ...(row.handOver === null && isInstant(row.nextAt) && { nextAt: row.nextAt }),
  }
}

function isInstant(at: number | null): at is number {
  return at !== null && Number.isFinite(at)
}

function stateOf({ endedAt, acknowledgedAt, snoozedUntil }: AlertRow, now: number): AlertView['state'] {
  if (endedAt !== null) return 'ended'
  if (acknowledgedAt !== null) return 'acknowledged'
  return snoozedUntil !== null && snoozedUntil > now ? 'snoozed' : 'open'
}

/** Statistics of the alerts of the last seven days, by id of the rule. */
export async function loadRuleWeeks(db: Queryable, site: string, now: number): Promise<ReadonlyMap<string, RuleWeek>> {
  const since = sql.param(now - 7 * 24 * 3_600_000, alerts.beganAt)
  const rows = await drizzleOn(db).execute<
    { ruleId: string } & Record<Exclude<keyof RuleWeek, 'x'>, number | null>
  >(sql`
    with acknowledged as (
      select l.alert_id, min(l.at) as at from ${alertLog} l
      where l.site = ${site} and l.kind in ('acknowledged', 'accepted') and l.at >= ${since} group by l.alert_id),
    told as (
      select a.rule_id, count(distinct n.message_key)::float8 as messages
      from ${alertNotices} n join ${alerts} a on a.site = n.site and a.id = n.alert_id
      where n.site = ${site} and n.state = 'told' and n.told_at >= ${since} group by a.rule_id)
    select a.rule_id as "ruleId", count(*)::float8 as "alertCount", count(k.at)::float8 as "acknowledgedCount",
      count(*) filter (where k.at is null and a.ended_at < a.began_at + interval '10 minutes')::float8 as "noiseCount",
      (percentile_disc(0.5) within group (order by extract(epoch from k.at - a.began_at)) * 1000)::float8
        as "medianAcknowledgeMs",
      coalesce(max(t.messages), 0)::float8 as "messageCount"
    from ${alerts} a left join acknowledged k on k.alert_id = a.id left join told t on t.rule_id = a.rule_id
    where a.site = ${site} and a.began_at >= ${since} and not a.is_silent group by a.rule_id`)
  return new Map(
    rows.map(({ ruleId, medianAcknowledgeMs, ...counts }) => [
      ruleId,
      {
        ...(counts as Omit<RuleWeek, 'medianAcknowledgeMs'>),
        ...(medianAcknowledgeMs !== null && { medianAcknowledgeMs: Math.round(medianAcknowledgeMs) }),
      },
    ]),
  )
}

export interface RuleWeek {
  readonly alertCount: number
  readonly acknowledgedCount: number
  readonly noiseCount: number
  readonly medianAcknowledgeMs?: number
  readonly messageCount: number
}

export const noWeek: RuleWeek = { alertCount: 0, acknowledgedCount: 0, noiseCount: 0, messageCount: 0 }
