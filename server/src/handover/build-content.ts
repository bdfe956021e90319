import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { users } from '@stagewatch/db/people-schema.ts'
import { transitions } from '@stagewatch/db/reactions-schema.ts'
import { orders, visits } from '@stagewatch/db/schema.ts'
import { anyOf, epochMsOf } from '@stagewatch/db/sql-expressions.ts'
import { tasks } from '@stagewatch/db/tasks-schema.ts'
import { maxHandoverOrders } from '@stagewatch/shared/contract/handover.ts'
import type { HandoverContent } from '@stagewatch/shared/contract/handover.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import type { ShiftSpan } from '@stagewatch/shared/domain/time/shift-starts.ts'
import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { listAlerts } from '../alerts/list-alerts.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import { inSlices } from '../platform/in-slices.ts'
import { smallest } from '../platform/smallest.ts'
import { scanOrders } from '../query/scan-orders.ts'

export interface ContentSource {
  readonly database: Database
  readonly site: string
  readonly engine: LiveEngine
  /** All texts that events use for the department. */
  readonly department: readonly string[]
}

/** The period that a handover covers; epoch ms. */
export interface ContentPeriod {
  /** Includes orders that became overdue from this instant on, and before `to`. */
  readonly from: number
  readonly to: number
  /** Includes promises due from the end of the shift until the start of the shift after the next one. */
  readonly promised: ShiftSpan
}

/**
 * Builds the state of a department with all names; names that a reader may not see are removed when it is shown. Its
 * lists are bounded; their totals count everything.
 */
export async function buildContent(
  source: ContentSource,
  period: ContentPeriod,
  now: number,
): Promise<HandoverContent> {
  // Orders become overdue by time alone, and the engine's timer may not have run since.
  source.engine.advance(now)
  return {
    turnedOverdue: await loadTurnedOverdue(source.database, source, period),
    stuck: await inSlices(findStuck(source, now)),
    promised: await inSlices(findPromised(source, period.promised, now)),
    openAlerts: await loadAlerts(source, now),
    openTasks: await loadTasks(source),
  }
}

async function loadTurnedOverdue(
  db: Queryable,
  { site, department }: ContentSource,
  { from, to }: ContentPeriod,
): Promise<HandoverContent['turnedOverdue']> {
  const known = sql`case when ${visits.attributes} is null then ${orders.department}
    else ${visits.attributes} ->> 'department' end`
  const rows = await drizzleOn(db).execute<{
    order: string
    process: string
    stage: string
    owner: string | null
    at: number
    resolvedAt: number | null
    total: number
    resolvedCount: number
  }>(sql`
    select ${transitions.orderId} as "order", ${transitions.process}, ${transitions.stage}, ${visits.owner},
      ${epochMsOf(transitions.beganAt)} as at, ${epochMsOf(transitions.endedAt)} as "resolvedAt",
      (count(*) over ())::float8 as total, (count(${transitions.endedAt}) over ())::float8 as "resolvedCount"
    from ${transitions}
    join ${visits} on ${visits.site} = ${transitions.site} and ${visits.orderId} = ${transitions.orderId}
      and ${visits.stage} = ${transitions.stage} and ${visits.nth} = ${transitions.nth}
    join ${orders} on ${orders.site} = ${transitions.site} and ${orders.orderId} = ${transitions.orderId}
    where ${transitions.site} = ${site} and ${transitions.kind} = 'overdue'
      and ${transitions.beganAt} >= ${sql.param(from, transitions.beganAt)}
      and ${transitions.beganAt} < ${sql.param(to, transitions.beganAt)}
      and coalesce(${visits.department}, ${known}, '') = any(${sql.param([...department])}::text[])
    order by ${transitions.endedAt} is not null, ${transitions.beganAt}, ${transitions.id}
    limit ${maxHandoverOrders}`)
  return {
    total: rows[0]?.total ?? 0,
    resolvedCount: rows[0]?.resolvedCount ?? 0,
    orders: rows.map(({ order, process, stage, owner, at, resolvedAt }) => ({
      order,
      process,
      stage,
      at: Math.round(at),
      ...(owner !== null && { owner }),
      ...(resolvedAt !== null && { resolvedAt: Math.round(resolvedAt) }),
    })),
  }
}

function* findStuck({ engine, department }: ContentSource, now: number): Generator<void, HandoverContent['stuck']> {
  const stuck: OpenVisit[] = []
  const view = { privacy: openPrivacy, now }
  const dueAt = ({ status }: OpenVisit) => (status.overdue ? (status.dueAt ?? now) : Infinity)
  const byUrgency = (a: OpenVisit, b: OpenVisit) =>
    dueAt(a) - dueAt(b) || a.visit.enteredAt - b.visit.enteredAt || (a.state.order < b.state.order ? -1 : 1)
  let [overdueCount, stalledCount, total] = [0, 0, 0]
  const keep = (visit: OpenVisit): void => {
    total += 1
    stuck.push(visit)
    // Trimmed periodically, so that the list stays bounded.
    if (stuck.length >= 8 * maxHandoverOrders)
      stuck.splice(0, stuck.length, ...smallest(stuck, maxHandoverOrders, byUrgency))
  }
  yield* scanOrders(engine, { department, status: 'overdue' }, view, ({ current }) => {
    if (current === undefined) return
    overdueCount += 1
    keep(current)
  })
  yield* scanOrders(engine, { department, status: 'stalled' }, view, ({ current }) => {
    if (current === undefined) return
    stalledCount += 1
    if (!current.status.overdue) keep(current)
  })
  return {
    total,
    overdueCount,
    stalledCount,
    orders: smallest(stuck, maxHandoverOrders, byUrgency).map(({ state, visit, aggregates, status }) => ({
      order: state.order,
      process: aggregates.process,
      stage: visit.stage,
      isOverdue: status.overdue,
      isStalled: status.stalled,
      ...(status.dueAt !== undefined && { dueAt: status.dueAt }),
      ...(visit.owner !== undefined && {
        owner: visit.owner,
        ownerSince: visit.handovers?.at(-1)?.at ?? visit.enteredAt,
      }),
    })),
  }
}

function* findPromised(
  { engine, department }: ContentSource,
  { start, end }: ShiftSpan,
  now: number,
): Generator<void, HandoverContent['promised']> {
  type Promised = HandoverContent['promised']['orders'][number]
  const byPromise = (a: Promised, b: Promised) => a.promisedAt - b.promisedAt || (a.order < b.order ? -1 : 1)
  let found: Promised[] = []
  let total = 0
  yield* scanOrders(engine, { department, status: 'open' }, { privacy: openPrivacy, now }, ({ counted, current }) => {
    const { order, attributes } = counted.head
    const { promisedAt } = attributes
    if (current === undefined || promisedAt === undefined || promisedAt < start || promisedAt >= end) return
    total += 1
    const { stage, owner } = current.visit
    found.push({
      order,
      process: counted.process.definition.code,
      stage,
      promisedAt,
      ...(owner !== undefined && { owner }),
    })
    if (found.length >= 8 * maxHandoverOrders) found = smallest(found, maxHandoverOrders, byPromise)
  })
  return { total, orders: smallest(found, maxHandoverOrders, byPromise) }
}

async function loadAlerts(
  { database, site, engine, department }: ContentSource,
  now: number,
): Promise<HandoverContent['openAlerts']> {
  const audience = { departments: department, privacy: openPrivacy }
  const question = { state: 'open', limit: maxHandoverOrders } as const
  const { alerts, openCount } = await listAlerts({ database, site, engine, audience }, question, now)
  return {
    total: openCount,
    alerts: alerts.map(({ id, rule, beganAt, order, acknowledgedBy }) => ({
      id,
      rule: rule.name,
      ...(rule.names !== undefined && { ruleNames: rule.names }),
      severity: rule.severity,
      beganAt,
      ...(order !== undefined && { order }),
      ...(acknowledgedBy !== undefined && { acknowledgedBy }),
    })),
  }
}

async function loadTasks({ database, site, department }: ContentSource): Promise<HandoverContent['openTasks']> {
  const rows = await drizzleOn(database)
    .select({
      id: tasks.id,
      title: tasks.title,
      titles: tasks.titles,
      state: tasks.state,
      createdAt: tasks.createdAt,
      order: tasks.orderId,
      assignee: users.name,
      total: sql`count(*) over ()`.mapWith(Number),
    })
    .from(tasks)
    .leftJoin(users, eq(users.id, tasks.assigneeId))
    .where(and(eq(tasks.site, site), isNull(tasks.closedAt), anyOf(tasks.department, department)))
    .orderBy(asc(tasks.createdAt), asc(tasks.id))
    .limit(maxHandoverOrders)
  return {
    total: rows[0]?.total ?? 0,
    tasks: rows.map(({ total: _total, order, assignee, titles, ...task }) => ({
      ...task,
      ...(titles !== null && { titles }),
      ...(order !== '' && { order }),
      ...(assignee !== null && { assignee }),
    })),
  }
}
