import type { TaskMoveRequest, TaskView } from '@stagewatch/shared/contract/tasks.ts'
import type { TaskState } from '@stagewatch/shared/domain/tasks/task-state.ts'

/** The effect of dropping a card into a column. */
export type ColumnMove =
  | { readonly kind: 'move'; readonly do: TaskMoveRequest }
  /** The user has to fill in a form first. */
  | { readonly kind: 'ask'; readonly form: 'wait' | 'sendBack' }
  | { readonly kind: 'none' }
  /**
   * `ownWork`: somebody else has to close it; `claimFirst` and `submitFirst`: the task has to be claimed or submitted
   * before.
   */
  | { readonly kind: 'refused'; readonly why: 'ownWork' | 'claimFirst' | 'submitFirst' | 'notYours' | 'closed' }

/** The move that dropping a card into a column requests; the server decides whether it is allowed. */
export function columnMove(task: TaskView, to: TaskState, needsVerification: boolean): ColumnMove {
  const { state, mayDecide, isOwnWork = false, handOver } = task
  if (state === to) return { kind: 'none' }
  if (state === 'closed') return to === 'inProgress' ? move({ kind: 'reopen' }) : refused('closed')
  const isUnderWay = state === 'inProgress' || state === 'waiting'
  switch (to) {
    case 'unclaimed':
      if (!isUnderWay) return refused('submitFirst')
      return mayDecide ? move({ kind: 'release' }) : refused('notYours')
    case 'inProgress':
      if (handOver?.isForYou === true) return move({ kind: 'accept' })
      if (state === 'unclaimed') return move({ kind: 'claim' })
      if (state === 'waiting') return mayDecide ? move({ kind: 'resume' }) : refused('notYours')
      return isOwnWork ? move({ kind: 'resume' }) : { kind: 'ask', form: 'sendBack' }
    case 'waiting':
      if (!isUnderWay) return refused('claimFirst')
      return mayDecide ? { kind: 'ask', form: 'wait' } : refused('notYours')
    case 'toVerify':
      if (!isUnderWay) return refused('claimFirst')
      return mayDecide ? move({ kind: 'submit' }) : refused('notYours')
    case 'closed':
      if (state === 'toVerify') return isOwnWork ? refused('ownWork') : move({ kind: 'verify' })
      if (needsVerification || !isUnderWay) return refused(isUnderWay ? 'submitFirst' : 'claimFirst')
      return mayDecide ? move({ kind: 'submit' }) : refused('notYours')
  }
}

function move(what: TaskMoveRequest): ColumnMove {
  return { kind: 'move', do: what }
}

function refused(why: Extract<ColumnMove, { kind: 'refused' }>['why']): ColumnMove {
  return { kind: 'refused', why }
}
