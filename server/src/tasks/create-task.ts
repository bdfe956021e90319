import { tasks } from '@stagewatch/db/tasks-schema.ts'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { maxOpenTasks } from '@stagewatch/shared/contract/tasks.ts'
import type { TaskRequest } from '@stagewatch/shared/contract/tasks.ts'
import { departmentOf } from '@stagewatch/shared/domain/access/department-scope.ts'
import { translationsOf } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { and, eq, isNull } from 'drizzle-orm'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import type { StoredAlertRule } from '../alerts/alert-rules-table.ts'
import type { AlertReaction } from '../alerts/alert-watch.ts'
import type { StoredAlert } from '../alerts/alerts-table.ts'
import { describeAlert } from '../alerts/list-alerts.ts'
import { audienceOf } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { requireSeen } from '../order-actions/require-seen.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { addJobs } from '../platform/jobs.ts'
import { announceChange } from '../platform/site-changes.ts'
import { loadSkills } from '../rules/site-skills.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { assignJob, taskJob } from './task-jobs.ts'
import { addEntries, insertTasks, lockTasksOf, roomForTasks } from './tasks-table.ts'
import type { NewTask } from './tasks-table.ts'

export interface TaskContext {
  readonly database: Database
  readonly pipeline: SitePipeline
  readonly clock: Clock
  /** Display name of the person. */
  readonly personName: string
}

/**
 * Creates a task by hand, at most once per request and per alert.
 * @throws AppError `not_found` for a hidden order or alert; `forbidden` for another department; `invalid_field`;
 * `conflict` if the alert already has a task, or the site has too many.
 */
export async function createTask(
  caller: Caller,
  request: TaskRequest,
  context: TaskContext,
): Promise<{ readonly id: number; readonly revision: number }> {
  const { database, pipeline, clock, personName } = context
  const site = caller.site
  const now = clock.now()
  const about = await aboutOf(caller, request, context)
  const department = request.department ?? about.department
  const { departments } = audienceOf(caller, pipeline.privacy.now)
  // People who see only some departments may not create tasks that they cannot see.
  if (departments !== undefined && !departments.includes(department))
    throw new AppError('forbidden', 'this reaches beyond your departments', { field: 'department' })
  if (request.skill !== undefined && !(await loadSkills(database, site)).some(({ key }) => key === request.skill))
    throw new AppError('invalid_field', 'the site has no such skill', { field: 'skill', reason: 'not_offered' })
  const { id: requestId, alert: alertId, skill, title = about.title } = request
  const titles = translationsOf(title, about.titles)
  const added = { ...about, title, titles, department, requestId, alertId, skill, createdBy: personName }
  return database.transaction(async (tx) => {
    await lockTasksOf(tx, site)
    const known = await findTask(tx, site, eq(tasks.requestId, requestId))
    if (known !== undefined) return known
    if ((await roomForTasks(tx, site)) === 0)
      throw new AppError('conflict', `a site has at most ${maxOpenTasks} tasks that are not closed`)
    const [created] = await insertTasks(tx, site, [added], now)
    if (created === undefined) throw new AppError('conflict', 'the alert has a task already', { field: 'alert' })
    await addJobs(tx, [assignJob(site, now)])
    await announceChange(tx, site, 'tasks')
    return { id: created.id, revision: 0 }
  })
}

type About = Pick<NewTask, 'title' | 'titles' | 'orderId' | 'process' | 'stage' | 'department'>

async function aboutOf(caller: Caller, request: TaskRequest, context: TaskContext): Promise<About> {
  const { pipeline, database, clock } = context
  const nothing = { title: '', orderId: '', process: '', stage: '', department: '' }
  if (request.alert !== undefined) {
    const audience = audienceOf(caller, pipeline.privacy.now)
    const reading = { database, site: caller.site, engine: pipeline.engine, audience }
    const alert = await describeAlert(reading, request.alert, clock.now())
    if (alert.endedAt !== undefined) throw new AppError('conflict', 'the alert has ended meanwhile', { field: 'alert' })
    const { rule, order = '', process = '', stage = '' } = alert
    return { ...aboutOrder(pipeline, order), title: rule.name, titles: rule.names, process, stage }
  }
  if (request.order === undefined) return nothing
  const { head } = await requireSeen(caller, request.order, context)
  return { ...aboutOrder(pipeline, head.order), title: '' }
}

/** Current stage and department of the order; '': none. */
function aboutOrder({ engine }: SitePipeline, order: string): Omit<About, 'title' | 'titles'> {
  const known = order === '' ? undefined : engine.order(order)
  const open = engine.open.get(known?.openSlot)
  if (known === undefined) return { orderId: order, process: '', stage: '', department: '' }
  const department = departmentOf(known.head.attributes, open?.visit)
  const process = known.process.definition.code
  return { orderId: order, process, stage: open?.visit.stage ?? '', department }
}

async function findTask(tx: Queryable, site: string, which: ReturnType<typeof eq>) {
  const [row] = await drizzleOn(tx)
    .select({ id: tasks.id, revision: tasks.revision })
    .from(tasks)
    .where(and(eq(tasks.site, site), which))
  return row
}

/** Creates tasks for alerts whose rule asks for one, and records in tasks that their alert has ended. */
export const tasksOfAlerts: AlertReaction = {
  async began(tx, pipeline, begun, now) {
    const wanted = begun.filter(({ alert, rule }) => rule.makesTask && !alert.isSilent)
    if (wanted.length === 0) return
    const site = pipeline.site.code
    await lockTasksOf(tx, site)
    const room = await roomForTasks(tx, site)
    const added = wanted.slice(0, room).map((one) => newTaskOf(pipeline, one))
    if ((await insertTasks(tx, site, added, now)).length === 0) return
    await addJobs(tx, [assignJob(site, now)])
    await announceChange(tx, site, 'tasks')
  },
  async ended(tx, site, ids, now) {
    if (ids.length === 0) return
    const ended = await drizzleOn(tx)
      .update(tasks)
      .set({ alertEndedAt: now })
      .where(and(eq(tasks.site, site), anyOf(tasks.alertId, ids), isNull(tasks.closedAt), isNull(tasks.alertEndedAt)))
      .returning({ id: tasks.id })
    if (ended.length === 0) return
    await addEntries(
      tx,
      site,
      ended.map(({ id }) => ({ taskId: id, at: now, kind: 'alertEnded' })),
    )
    await addJobs(
      tx,
      ended.map(({ id }) => taskJob(site, { kind: 'alertEnded', taskId: id, stamp: now }, now)),
    )
    await announceChange(tx, site, 'tasks')
  },
}

function newTaskOf(
  pipeline: SitePipeline,
  { alert, rule }: { readonly alert: StoredAlert; readonly rule: StoredAlertRule },
): NewTask {
  const { order, process, stage } = alert
  const definition = pipeline.engine.process(process)?.stage(stage)?.definition
  const department = order === '' ? (definition?.department ?? '') : aboutOrder(pipeline, order).department
  const { name: title, names: titles } = rule
  return { title, titles, orderId: order, process, stage, department, alertId: alert.id }
}

/** @throws AppError `not_found` */
export function noSuchTask(): AppError {
  return new AppError('not_found', 'there is no such task', { field: 'id' })
}
