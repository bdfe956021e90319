import type { Queryable } from '@stagewatch/db/database.ts'
import { maxPromiseMs } from '@stagewatch/shared/contract/tasks.ts'
import type { taskMoveRequest, TaskMoveRequest } from '@stagewatch/shared/contract/tasks.ts'
import { isOfferedTo, moveTask } from '@stagewatch/shared/domain/tasks/task-state.ts'
import type { Task, TaskActor, TaskMove, TaskRefusal } from '@stagewatch/shared/domain/tasks/task-state.ts'
import type { z } from 'zod'
import { audienceOf } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { AppError } from '../platform/app-error.ts'
import { addJobs } from '../platform/jobs.ts'
import type { NewJob } from '../platform/jobs.ts'
import { announceChange } from '../platform/site-changes.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { findLeads } from './assign-open-tasks.ts'
import { noSuchTask } from './create-task.ts'
import type { TaskContext } from './create-task.ts'
import { assignJob, taskJob } from './task-jobs.ts'
import { loadTaskRules } from './task-rules.ts'
import { requireTarget } from './task-targets.ts'
import type { TaskGoal } from './task-targets.ts'
import { addEntries, lockTask, saveTask } from './tasks-table.ts'
import type { StoredTask, TaskRow } from './tasks-table.ts'

const hourMs = 3_600_000

/** Whether a reader of these departments may see a task: it belongs to one of them, or is offered to one. */
function isTaskSeen(
  { department, handOver }: Pick<TaskRow, 'department' | 'handOver'>,
  departments: TaskActor['departments'],
): boolean {
  if (departments === undefined || departments.includes(department)) return true
  return handOver?.department !== undefined && departments.includes(handOver.department)
}

export function actorOfTask(caller: Caller, { privacy }: SitePipeline): TaskActor {
  return {
    ...(caller.kind === 'person' && caller.id !== undefined && { id: caller.id }),
    departments: audienceOf(caller, privacy.now).departments,
    isManager: caller.actions.has('orders.manage'),
  }
}

/**
 * Applies a move to a task, and records it in the history.
 * @throws AppError `not_found`, also for a hidden task; `conflict` if somebody has moved it since the given revision,
 * `forbidden`, `own_work`, `invalid_field`.
 */
export async function actOnTask(
  caller: Caller,
  id: number,
  { revision, do: asked }: z.infer<typeof taskMoveRequest>,
  context: TaskContext,
): Promise<{ readonly id: number; readonly revision: number }> {
  const { database, pipeline, clock, personName } = context
  const { site } = caller
  const actor = actorOfTask(caller, pipeline)
  return database.transaction(async (tx) => {
    const stored = await lockTask(tx, site, id)
    if (stored === undefined || !isTaskSeen(stored.row, actor.departments)) throw noSuchTask()
    const now = clock.now()
    requireNearby(asked, now)
    const rules = await loadTaskRules(tx, site)
    const goal = await requireTarget(tx, caller, asked, stored.task, context)
    const move = moveOf(asked, goal)
    const moved = moveTask(stored.task, move, actor, now, rules)
    // A retry after a lost answer.
    if (moved.ok && moved.isSame === true) return { id, revision: stored.row.revision }
    if (revision !== stored.row.revision && move.kind !== 'comment') throw movedMeanwhile(stored.row, revision)
    if (!moved.ok) throw refusalError(moved.refusal)
    await saveTask(tx, site, stored, moved.task, reasonAfter(stored, moved.task, move))
    await addEntries(tx, site, [
      {
        taskId: id,
        at: now,
        kind: move.kind,
        by: personName,
        from: stored.task.state,
        to: moved.task.state,
        target: goal?.name ?? null,
        text: textOf(move),
        until: 'until' in move ? (move.until ?? null) : null,
        tookMs: moved.tookMs ?? null,
      },
    ])
    await addJobs(tx, [
      assignJob(site, now),
      ...deadlines(site, id, stored.task, moved.task, { now, waitingMs: rules.waitingHours * hourMs }),
      ...(await tellings(tx, pipeline, id, stored.task, moved.task, now)),
    ])
    await announceChange(tx, site, 'tasks')
    return { id, revision: stored.row.revision + 1 }
  })
}

function moveOf(asked: TaskMoveRequest, goal: TaskGoal | undefined): TaskMove {
  return asked.kind === 'handOver' ? { ...asked, department: goal?.department } : asked
}

/** Why the task has its assignee: the rule's reason is kept until a person decides. */
function reasonAfter({ row }: StoredTask, after: Task, { kind }: TaskMove): TaskRow['assignReason'] {
  if (kind === 'release') return 'released'
  return after.assigneeId === (row.assigneeId ?? undefined) && kind !== 'assign' ? row.assignReason : null
}

/** Jobs that check the deadlines set by the move. */
function deadlines(
  site: string,
  taskId: number,
  before: Task,
  after: Task,
  { now, waitingMs }: { readonly now: number; readonly waitingMs: number },
): NewJob[] {
  const jobs: NewJob[] = []
  const { nextUpdateAt, state, stateSince } = after
  if (nextUpdateAt !== undefined && nextUpdateAt !== before.nextUpdateAt)
    jobs.push(taskJob(site, { kind: 'update', taskId, stamp: nextUpdateAt }, nextUpdateAt))
  if (state === 'waiting' && before.state !== 'waiting')
    jobs.push(taskJob(site, { kind: 'waiting', taskId, stamp: stateSince }, now + waitingMs))
  return jobs
}

/** Jobs that notify the person asked to take the task, and those it is offered to (for a department, its leads). */
async function tellings(
  tx: Queryable,
  pipeline: SitePipeline,
  taskId: number,
  before: Task,
  after: Task,
  now: number,
): Promise<NewJob[]> {
  const site = pipeline.site.code
  const { handOver, assigneeId, state } = after
  const jobs: NewJob[] = []
  if (state === 'unclaimed' && assigneeId !== undefined && after.assignedAt !== before.assignedAt)
    jobs.push(taskJob(site, { kind: 'asked', taskId, stamp: now, person: assigneeId }, now))
  if (handOver !== undefined && handOver !== before.handOver) {
    const { to } = handOver
    const people =
      to.kind === 'person'
        ? [to.id]
        : (await findLeads(tx, pipeline, to.id, now)).map(({ key }) => key.slice('person:'.length))
    jobs.push(...people.map((person) => taskJob(site, { kind: 'offered', taskId, stamp: now, person }, now)))
  }
  return jobs
}

function textOf(move: TaskMove): string | null {
  if (move.kind === 'wait') return move.waitingFor
  return 'text' in move ? (move.text ?? null) : null
}

/** @throws AppError `invalid_field` for an update that is promised too far ahead. */
function requireNearby(move: TaskMoveRequest, now: number): void {
  if (!('until' in move) || move.until === undefined || move.until <= now + maxPromiseMs) return
  throw new AppError('invalid_field', 'must lie within the next 90 days', {
    field: 'do.until',
    reason: 'out_of_order',
  })
}

function movedMeanwhile({ state, revision }: TaskRow, seen: number): AppError {
  return new AppError('conflict', 'somebody else has moved the task meanwhile', {
    field: 'revision',
    conflict: { current: { state, revision }, yours: { revision: seen } },
  })
}

function refusalError(refusal: TaskRefusal): AppError {
  switch (refusal) {
    case 'notNow':
      return new AppError('conflict', 'cannot be done to a task in its state', { field: 'do' })
    case 'taken':
      return new AppError('conflict', 'somebody else has the task', { field: 'do' })
    case 'notYours':
      return new AppError('forbidden', 'the task is for whoever has it, and for their lead, to decide', { field: 'do' })
    case 'notForYou':
      return new AppError('forbidden', 'the task is not offered to you', { field: 'do' })
    case 'nobody':
      return new AppError('forbidden', 'only a person can have a task', { field: 'do' })
    case 'ownWork':
      return new AppError('own_work', 'whoever did the work does not verify it', { field: 'do' })
    case 'inThePast':
      return new AppError('invalid_field', 'must lie in the future', { field: 'do.until', reason: 'out_of_order' })
  }
}

/** Whether the caller may accept the hand-over. */
export function mayAccept(task: Task, actor: TaskActor): boolean {
  return task.handOver !== undefined && actor.id !== undefined && isOfferedTo(task.handOver, actor)
}
