import type { NewJob } from '../platform/jobs.ts'

export const taskQueue = 'tasks'
const minuteMs = 60_000

/**
 * A job on the tasks of a site at an instant. Each job names the situation it was added for, and does nothing if that
 * no longer applies, so that a move does not have to cancel jobs.
 */
export type TaskWork =
  /** Asks people to take the tasks that nobody has been asked to take. */
  | { readonly kind: 'assign' }
  /** Asks the lead; `stamp` is when the current person was asked. */
  | { readonly kind: 'escalate'; readonly taskId: number; readonly stamp: number }
  /** Notifies somebody; `stamp`: when they were asked or offered it, the promised update, or the start of the wait. */
  | {
      readonly kind: TellingKind
      readonly taskId: number
      readonly stamp: number
      /** Undefined: the assignee at that time. */
      readonly person?: string | undefined
    }

const tellingKinds = ['asked', 'offered', 'update', 'waiting', 'alertEnded'] as const
export type TellingKind = (typeof tellingKinds)[number]

export function taskJob(site: string, work: TaskWork, runAt: number): NewJob {
  const { kind } = work
  const parts = kind === 'assign' ? [] : [work.taskId, work.stamp, kind === 'escalate' ? '' : (work.person ?? '')]
  return { queue: taskQueue, key: JSON.stringify([site, kind, ...parts, runAt]), site, runAt }
}

/** Assigns unassigned tasks, within a second. */
export function assignJob(site: string, now: number): NewJob {
  return taskJob(site, { kind: 'assign' }, Math.ceil(now / 1_000) * 1_000)
}

/** Tries again at the next full minute, when people may have arrived or have capacity; at most one job per minute. */
export function assignAgainJob(site: string, now: number): NewJob {
  return taskJob(site, { kind: 'assign' }, (Math.floor(now / minuteMs) + 1) * minuteMs)
}

/** See `JobQueue.knows`. */
export function isTaskWork(key: string): boolean {
  const [, kind] = JSON.parse(key) as [string, string]
  return ['assign', 'escalate', ...tellingKinds].includes(kind)
}

export function workOf(key: string): TaskWork {
  const [, kind, taskId, stamp, person] = JSON.parse(key) as [string, TaskWork['kind'], number, number, string]
  if (kind === 'assign') return { kind }
  if (kind === 'escalate') return { kind, taskId, stamp }
  return { kind, taskId, stamp, ...(person !== '' && { person }) }
}
