import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { users } from '@stagewatch/db/people-schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { taskEntries, tasks } from '@stagewatch/db/tasks-schema.ts'
import { maxCards, maxOpenTasks } from '@stagewatch/shared/contract/tasks.ts'
import type { TaskBoard, TaskDetail, TasksQuery, TaskView } from '@stagewatch/shared/contract/tasks.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { textsOf } from '@stagewatch/shared/domain/departments.ts'
import { taskStates } from '@stagewatch/shared/domain/tasks/task-state.ts'
import { and, asc, count, desc, eq, gte, isNull, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { audienceOf } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { readAs } from '../access/read-as.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { noSuchTask } from './create-task.ts'
import { actorOfTask } from './move-task.ts'
import { loadTaskRules } from './task-rules.ts'
import { isTask, taskColumns } from './tasks-table.ts'
import type { TaskRow } from './tasks-table.ts'
import { viewOfEntry, viewOfTask } from './view-task.ts'
import type { TaskReader } from './view-task.ts'
import { withTranslations } from '../rules/with-translations.ts'

const maxHistory = 500

export interface TaskReading {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
}

/** The board as the caller may see it. Reads all open tasks, at most `maxOpenTasks`. */
export async function listTasks(
  { database, clock, sites }: TaskReading,
  caller: Caller,
  query: Omit<TasksQuery, 'site'>,
): Promise<TaskBoard> {
  const pipeline = await sites.get(caller.site)
  const { site } = caller
  const { departments } = audienceOf(caller, pipeline.privacy.now)
  const now = clock.now()
  const dayStart = pipeline.engine.days.startOf(now)
  const seen = and(eq(tasks.site, site), isSeen(departments))
  const ofOrder = query.order === undefined ? undefined : eq(tasks.orderId, query.order)
  const [open, closed, today] = await readAs(database, { site, departments }, async (tx) => [
    await drizzleOn(tx)
      .select(taskColumns)
      .from(tasks)
      .where(and(seen, ofOrder, isNull(tasks.closedAt)))
      .orderBy(asc(tasks.createdAt), asc(tasks.id))
      .limit(maxOpenTasks),
    await drizzleOn(tx)
      .select(taskColumns)
      .from(tasks)
      .where(and(seen, ofOrder, gte(tasks.closedAt, dayStart)))
      .orderBy(desc(tasks.closedAt), desc(tasks.id))
      .limit(maxOpenTasks),
    await figuresSince(tx, site, departments, dayStart),
  ])
  const reader = await readerOf(database, caller, pipeline, [...open, ...closed], now)
  const views = new Map([...open, ...closed].map((row) => [row, viewOfTask(row, reader)]))
  const openViews = open.flatMap((row) => views.get(row) ?? [])
  const matches = matcherOf(query, caller, pipeline)
  const shown = [...views].filter(([row, view]) => matches(row, view)).map(([, view]) => view)
  const columns = taskStates.map((state) => {
    const all = shown.filter((view) => view.state === state)
    const sorted = state === 'closed' ? all : all.toSorted(query.sort === 'overdue' ? byOverdue : byAge)
    return [state, { count: all.length, cards: sorted.slice(0, maxCards) }] as const
  })
  const cards = columns.flatMap(([, column]) => column.cards)
  const board = {
    columns: Object.fromEntries(
      columns.map(([state, column]) => [state, { count: column.count, ids: column.cards.map(({ id }) => id) }]),
    ) as TaskBoard['columns'],
    tasks: Object.fromEntries(cards.map((view) => [String(view.id), view])),
    mineCount: openViews.filter((view) => isForMe(view, caller)).length,
    rules: reader.rules,
    today,
    stages: stagesOf(openViews),
    people: peopleOf(openViews),
    asOf: now,
    position: pipeline.position,
  }
  return withTranslations(board, pipeline.translations)
}

/** @throws AppError `not_found`, also for a hidden task. */
export async function describeTask(reading: TaskReading, caller: Caller, id: number): Promise<TaskDetail> {
  const { database, clock, sites } = reading
  const pipeline = await sites.get(caller.site)
  const { row, entries } = await readTask(reading, caller, pipeline, id)
  const reader = await readerOf(database, caller, pipeline, [row], clock.now())
  const showsPeople = reader.audience.privacy.people === 'shown'
  const detail = {
    ...viewOfTask(row, reader),
    ...(showsPeople && row.createdBy !== null && { createdBy: row.createdBy }),
    history: entries.map((entry) => viewOfEntry(entry, row, reader)),
  }
  return withTranslations(detail, pipeline.translations)
}

/** @throws AppError `not_found`, also for a hidden task. */
export async function readTask(
  { database }: Pick<TaskReading, 'database'>,
  caller: Caller,
  pipeline: SitePipeline,
  id: number,
) {
  const { site } = caller
  const { departments } = audienceOf(caller, pipeline.privacy.now)
  const [row, entries] = await readAs(database, { site, departments }, async (tx) => [
    (
      await drizzleOn(tx)
        .select(taskColumns)
        .from(tasks)
        .where(and(isTask(site, id), isSeen(departments)))
    )[0],
    await drizzleOn(tx)
      .select()
      .from(taskEntries)
      .where(and(eq(taskEntries.site, site), eq(taskEntries.taskId, id)))
      // Only the newest entries of a very long history are returned.
      .orderBy(desc(taskEntries.id))
      .limit(maxHistory),
  ])
  if (row === undefined) throw noSuchTask()
  return { row, entries: entries.toReversed() }
}

async function readerOf(
  database: Database,
  caller: Caller,
  pipeline: SitePipeline,
  rows: readonly TaskRow[],
  now: number,
): Promise<TaskReader> {
  const ids = new Set(
    rows.flatMap(({ assigneeId, handOver }) => [
      ...(assigneeId === null ? [] : [assigneeId]),
      ...(handOver?.to.kind === 'person' ? [handOver.to.id] : []),
    ]),
  )
  const people = await drizzleOn(database)
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(anyOf(users.id, [...ids]))
  return {
    pipeline,
    actor: actorOfTask(caller, pipeline),
    audience: audienceOf(caller, pipeline.privacy.now),
    mayAct: caller.actions.has('orders.act'),
    rules: await loadTaskRules(database, caller.site),
    names: new Map(people.map(({ id, name }) => [id, name])),
    now,
  }
}

/** Matches tasks of the departments, and tasks that are offered to them. */
function isSeen(departments: DepartmentScope): SQL | undefined {
  if (departments === undefined) return undefined
  const scope = sql`${sql.param([...departments])}::text[]`
  return sql`(${tasks.department} = any(${scope}) or ${tasks.handOver} ->> 'department' = any(${scope}))`
}

async function figuresSince(
  tx: Queryable,
  site: string,
  departments: DepartmentScope,
  dayStart: number,
): Promise<TaskBoard['today']> {
  const on = drizzleOn(tx)
  const median = sql<number | null>`(percentile_cont(0.5) within group (
    order by extract(epoch from ${tasks.confirmedAt} - ${tasks.createdAt}) * 1000))::float8`
  const seen = and(eq(tasks.site, site), isSeen(departments))
  const [confirmed] = await on
    .select({ median })
    .from(tasks)
    .where(and(seen, gte(tasks.confirmedAt, dayStart)))
  const [closed] = await on
    .select({ count: count() })
    .from(tasks)
    .where(and(seen, gte(tasks.closedAt, dayStart)))
  const [sentBack] = await on
    .select({ count: count() })
    .from(taskEntries)
    .innerJoin(tasks, and(eq(tasks.site, taskEntries.site), eq(tasks.id, taskEntries.taskId)))
    .where(and(seen, eq(taskEntries.site, site), eq(taskEntries.kind, 'sendBack'), gte(taskEntries.at, dayStart)))
  const medianMs = confirmed?.median ?? null
  return {
    ...(medianMs !== null && { medianConfirmMs: Math.max(0, Math.round(medianMs)) }),
    closedCount: closed?.count ?? 0,
    sentBackCount: sentBack?.count ?? 0,
  }
}

/** Whether a task belongs to the segment and matches the filters. */
function matcherOf(
  { segment, stage, person, q }: Omit<TasksQuery, 'site'>,
  caller: Caller,
  pipeline: SitePipeline,
): (row: TaskRow, view: TaskView) => boolean {
  const own = ownDepartments(caller, pipeline)
  const text = q?.trim().toLowerCase() ?? ''
  return (row, view) => {
    if (segment === 'mine' && !isForMe(view, caller)) return false
    if (segment === 'departments' && own !== undefined) {
      const offered = row.handOver?.department
      if (!own.includes(row.department) && (offered === undefined || !own.includes(offered))) return false
    }
    if (stage !== undefined && view.stage !== stage) return false
    if (person !== undefined && (view.assignee?.id ?? '') !== person) return false
    const texts = [view.title, ...Object.values(view.titles ?? {}), view.order ?? '', view.about?.customer ?? '']
    return text === '' || texts.some((one) => one.toLowerCase().includes(text))
  }
}

/** Departments that somebody belongs to or leads. Undefined: all. */
function ownDepartments({ id, departments }: Caller, pipeline: SitePipeline): DepartmentScope {
  const led = pipeline.departments.now.filter(({ leadId }) => leadId !== undefined && leadId === id).flatMap(textsOf)
  return departments === undefined ? (led.length === 0 ? undefined : led) : [...departments, ...led]
}

function isForMe({ assignee, handOver }: TaskView, { kind, id }: Caller): boolean {
  return kind === 'person' && id !== undefined && (assignee?.id === id || handOver?.isForYou === true)
}

/** The most overdue first; tasks without a limit come last, oldest first. */
function byOverdue(a: TaskView, b: TaskView): number {
  const over = ({ about }: TaskView): number => about?.overMs ?? -Infinity
  return over(a) === over(b) ? byAge(a, b) : over(b) - over(a)
}

function byAge(a: TaskView, b: TaskView): number {
  return a.createdAt - b.createdAt || a.id - b.id
}

function stagesOf(views: readonly TaskView[]): TaskBoard['stages'] {
  const stages = new Map(views.flatMap(({ stage, stageName }) => (stage === undefined ? [] : [[stage, stageName]])))
  return [...stages].map(([code, name]) => ({ code, ...(name !== undefined && { name }) }))
}

function peopleOf(views: readonly TaskView[]): TaskBoard['people'] {
  const people = new Map(
    views.flatMap(({ assignee }) => (assignee?.name === undefined ? [] : [[assignee.id, assignee] as const])),
  )
  return [...people.values()].toSorted((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1))
}
