import type { DepartmentScope } from '../access/department-scope.ts'

/** The columns of the board, in the order in which a task passes through them. */
export const taskStates = ['unclaimed', 'inProgress', 'waiting', 'toVerify', 'closed'] as const
export type TaskState = (typeof taskStates)[number]

/** The recipient of an offered task: the id of a person, or the key of a department. */
export type TaskTarget = { readonly kind: 'person' | 'department'; readonly id: string }

/** A pending offer; the assignee keeps the task until somebody accepts. */
export interface HandOver {
  readonly to: TaskTarget
  /** The department that the task moves to. Undefined: it stays in its department. */
  readonly department?: string | undefined
  /** Id of the person who offered it. Undefined: an API key or a command. */
  readonly byId?: string | undefined
  /** Epoch ms. */
  readonly at: number
}

/** A piece of work that one person has at a time. Instants are epoch ms. */
export interface Task {
  readonly state: TaskState
  /** The person who has the task or, while it is unclaimed, is asked to take it. */
  readonly assigneeId?: string | undefined
  /** When the person was asked to take it. */
  readonly assignedAt?: number | undefined
  /** When somebody first confirmed that they have it. */
  readonly confirmedAt?: number | undefined
  /** Key or text of the department that the task belongs to. Empty: none. */
  readonly department: string
  readonly handOver?: HandOver | undefined
  /** The person or thing that the task waits for. */
  readonly waitingFor?: string | undefined
  /** When the assignee has promised an update. */
  readonly nextUpdateAt?: number | undefined
  /** The person who did the work, and may not verify it. */
  readonly doneById?: string | undefined
  readonly closedAt?: number | undefined
  /** When the task entered its state. */
  readonly stateSince: number
  readonly sentBackCount: number
}

/** An action on a task. */
export type TaskMove =
  | { readonly kind: 'claim' }
  | { readonly kind: 'assign'; readonly to: string; readonly text?: string | undefined }
  /** Leaves the task without an assignee. */
  | { readonly kind: 'release'; readonly text?: string | undefined }
  | {
      readonly kind: 'handOver'
      readonly to: TaskTarget
      readonly department?: string | undefined
      readonly text?: string | undefined
    }
  | { readonly kind: 'accept' }
  /** Declines the offer or, from the person who made it, withdraws it. */
  | { readonly kind: 'refuse'; readonly text?: string | undefined }
  | { readonly kind: 'wait'; readonly waitingFor: string; readonly until?: number | undefined }
  /** Promises an update by an instant, without changing the state. */
  | { readonly kind: 'promise'; readonly until: number; readonly text?: string | undefined }
  | { readonly kind: 'resume' }
  | { readonly kind: 'submit'; readonly text?: string | undefined }
  | { readonly kind: 'verify'; readonly text?: string | undefined }
  | { readonly kind: 'sendBack'; readonly text: string }
  | { readonly kind: 'reopen'; readonly text?: string | undefined }
  | { readonly kind: 'comment'; readonly text: string }

/** The person, API key or command that moves a task. */
export interface TaskActor {
  /** Undefined: an API key or a command, which cannot have tasks. */
  readonly id?: string | undefined
  readonly departments: DepartmentScope
  /** Whether they may decide for others. */
  readonly isManager: boolean
}

/** `notNow` and `taken`: the task has been moved in the meantime. */
export type TaskRefusal = 'notNow' | 'taken' | 'notYours' | 'notForYou' | 'ownWork' | 'inThePast' | 'nobody'

export type MovedTask =
  | {
      readonly ok: true
      readonly task: Task
      /** How long an accepted hand-over had been pending, ms. */
      readonly tookMs?: number
      /** The move changes nothing, because it was made before. */
      readonly isSame?: true
    }
  | { readonly ok: false; readonly refusal: TaskRefusal }

interface TaskRules {
  /** Whether a task has to be closed by somebody other than the person who did the work. */
  readonly needsVerification: boolean
}

export function newTask(department: string, at: number): Task {
  return { state: 'unclaimed', department, stateSince: at, sentBackCount: 0 }
}

/** The task after a move, or the reason why the move is refused. */
export function moveTask(task: Task, move: TaskMove, actor: TaskActor, at: number, rules: TaskRules): MovedTask {
  const isMine = actor.id !== undefined && task.assigneeId === actor.id
  const mayDecide = isMine || actor.isManager
  const isUnderWay = task.state === 'inProgress' || task.state === 'waiting'
  switch (move.kind) {
    case 'claim':
      if (actor.id === undefined) return refused('nobody')
      if (isUnderWay) return isMine ? same(task) : refused('taken')
      if (task.state !== 'unclaimed') return refused('notNow')
      return moved(task, at, { state: 'inProgress', ...takenBy(task, actor.id, at) })
    case 'assign':
      if (task.state !== 'unclaimed') return refused(isUnderWay ? 'taken' : 'notNow')
      if (!actor.isManager) return refused('notYours')
      return moved(task, at, { assigneeId: move.to, assignedAt: at })
    case 'release':
      if (task.state === 'unclaimed' && task.assigneeId === undefined) return same(task)
      if (!isUnderWay && task.state !== 'unclaimed') return refused('notNow')
      if (!mayDecide) return refused('notYours')
      return moved(task, at, { state: 'unclaimed', assigneeId: undefined, assignedAt: undefined, ...noPromise })
    case 'handOver':
      if (!isUnderWay && task.state !== 'unclaimed') return refused('notNow')
      if (!mayDecide) return refused('notYours')
      if (move.to.kind === 'person' && move.to.id === task.assigneeId) return refused('notNow')
      return {
        ok: true,
        task: { ...task, handOver: { to: move.to, department: move.department, byId: actor.id, at } },
      }
    case 'accept': {
      const { handOver } = task
      if (handOver === undefined) return refused('notNow')
      if (actor.id === undefined) return refused('nobody')
      if (!isOfferedTo(handOver, actor)) return refused('notForYou')
      const department = handOver.department ?? task.department
      const taken = { state: 'inProgress', department, ...takenBy(task, actor.id, at), ...noPromise } as const
      return { ...moved(task, at, taken), tookMs: Math.max(0, at - handOver.at) }
    }
    case 'refuse': {
      const { handOver } = task
      if (handOver === undefined) return refused('notNow')
      const isGiver = actor.id !== undefined && handOver.byId === actor.id
      if (!isGiver && !isMine && !isOfferedTo(handOver, actor) && !actor.isManager) return refused('notForYou')
      return { ok: true, task: { ...task, handOver: undefined } }
    }
    case 'wait':
      if (!isUnderWay) return refused('notNow')
      if (!mayDecide) return refused('notYours')
      if (move.until !== undefined && move.until <= at) return refused('inThePast')
      return moved(task, at, { state: 'waiting', waitingFor: move.waitingFor, nextUpdateAt: move.until })
    case 'promise':
      if (!isUnderWay) return refused('notNow')
      if (!mayDecide) return refused('notYours')
      if (move.until <= at) return refused('inThePast')
      return { ok: true, task: { ...task, nextUpdateAt: move.until } }
    case 'resume':
      if (task.state === 'inProgress') return isMine ? same(task) : refused('taken')
      // The person who submitted a task resumes it; a verifier sends it back with a reason.
      if (task.state !== 'waiting' && task.state !== 'toVerify') return refused('notNow')
      if (task.state === 'waiting' ? !mayDecide : !isMine) return refused('notYours')
      return moved(task, at, { state: 'inProgress', waitingFor: undefined, doneById: undefined })
    case 'submit':
      if (!isUnderWay) return refused('notNow')
      if (!mayDecide) return refused('notYours')
      return moved(task, at, {
        ...noPromise,
        ...(rules.needsVerification ? { state: 'toVerify' } : { state: 'closed', closedAt: at }),
        // If a manager submits the task, the assignee still did the work.
        doneById: task.assigneeId ?? actor.id,
      })
    case 'verify':
    case 'sendBack':
      if (task.state !== 'toVerify') return refused('notNow')
      if (actor.id !== undefined && (actor.id === task.doneById || isMine)) return refused('ownWork')
      if (move.kind === 'verify') return moved(task, at, { state: 'closed', closedAt: at })
      return moved(task, at, {
        state: task.assigneeId === undefined ? 'unclaimed' : 'inProgress',
        doneById: undefined,
        sentBackCount: task.sentBackCount + 1,
      })
    case 'reopen':
      if (task.state !== 'closed') return refused('notNow')
      return moved(task, at, {
        state: task.assigneeId === undefined ? 'unclaimed' : 'inProgress',
        closedAt: undefined,
        doneById: undefined,
      })
    case 'comment':
      return { ok: true, task }
  }
}

/** Whether somebody may accept the hand-over. */
export function isOfferedTo({ to, department }: HandOver, { id, departments }: TaskActor): boolean {
  if (to.kind === 'person') return to.id === id
  return departments === undefined || departments.includes(department ?? to.id)
}

/** Asks a person to take the task, by a rule or after a missed deadline. Undefined: nobody is asked any longer. */
export function askToTake(task: Task, personId: string | undefined, at: number): Task {
  return { ...task, assigneeId: personId, assignedAt: at }
}

const noPromise = { waitingFor: undefined, nextUpdateAt: undefined, handOver: undefined } as const

function takenBy({ confirmedAt }: Task, id: string, at: number): Partial<Task> {
  return { assigneeId: id, assignedAt: at, confirmedAt: confirmedAt ?? at, handOver: undefined }
}

function moved(task: Task, at: number, change: Partial<Task>): MovedTask & { readonly ok: true } {
  const next = { ...task, ...change }
  return { ok: true, task: next.state === task.state ? next : { ...next, stateSince: at } }
}

function same(task: Task): MovedTask {
  return { ok: true, task, isSame: true }
}

function refused(refusal: TaskRefusal): MovedTask {
  return { ok: false, refusal }
}
