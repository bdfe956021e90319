import type { Queryable } from '@stagewatch/db/database.ts'
import type { TaskMoveRequest, TaskTargets } from '@stagewatch/shared/contract/tasks.ts'
import type { Task } from '@stagewatch/shared/domain/tasks/task-state.ts'
import { audienceOf } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { canTake } from '../alerts/receivers.ts'
import { AppError } from '../platform/app-error.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { loadMembers } from '../team/members-table.ts'
import { loadWorkload } from './assign-open-tasks.ts'
import type { TaskContext } from './create-task.ts'

const maxPeople = 500

/** The person or department that a task is given or offered to. */
export interface TaskGoal {
  readonly name: string
  /** The department that the task moves to. Undefined: it stays in its department. */
  readonly department?: string
}

/**
 * Resolves the person or department that a move names.
 * @throws AppError `invalid_field` if the target cannot take the task.
 */
export async function requireTarget(
  tx: Queryable,
  caller: Caller,
  move: TaskMoveRequest,
  task: Task,
  { pipeline, clock }: Pick<TaskContext, 'pipeline' | 'clock'>,
): Promise<TaskGoal | undefined> {
  if (move.kind !== 'assign' && move.kind !== 'handOver') return undefined
  const to = move.kind === 'assign' ? ({ kind: 'person', id: move.to } as const) : move.to
  const wrong = (): AppError =>
    new AppError('invalid_field', 'names nobody who can take the task', { field: 'do.to', reason: 'wrong' })
  if (to.kind === 'department') {
    const department = pipeline.departments.now.find(({ key, archived }) => key === to.id && !archived)
    if (department === undefined) throw wrong()
    return { name: department.key, department: department.key }
  }
  // At sites that do not show names, people can choose only themselves.
  if (!namesPeople(caller, pipeline) && to.id !== caller.id) throw wrong()
  const today = new Date(clock.now() - 86_400_000).toISOString().slice(0, 10)
  const [member] = await loadMembers(tx, caller.site, today, to.id)
  if (member === undefined || !canTake(member, task.department, pipeline)) throw wrong()
  return { name: member.name }
}

/** Targets that the caller may choose: people who may see the task, and departments, where any member may accept it. */
export async function listTargets(
  db: Queryable,
  caller: Caller,
  task: Pick<Task, 'department'>,
  { pipeline, clock }: Pick<TaskContext, 'pipeline' | 'clock'>,
): Promise<TaskTargets> {
  const now = clock.now()
  const people = namesPeople(caller, pipeline) ? await loadWorkload(db, pipeline, now) : []
  return {
    people: people
      .filter((member) => canTake(member, task.department, pipeline))
      .slice(0, maxPeople)
      .map(({ id, name, isPresent, openCount }) => ({ id, name, isPresent, openCount })),
    departments: pipeline.departments.now
      .filter(({ archived }) => !archived)
      .map(({ key, name }) => ({ key, name }))
      .slice(0, 1_000),
  }
}

function namesPeople(caller: Caller, { privacy }: SitePipeline): boolean {
  return audienceOf(caller, privacy.now).privacy.people === 'shown'
}
