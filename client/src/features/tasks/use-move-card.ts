import type { TaskMoveRequest, TaskView } from '@stagewatch/shared/contract/tasks.ts'
import type { TaskState } from '@stagewatch/shared/domain/tasks/task-state.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { isApiError } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'
import { taskQuery, useMoveTask } from '../../api/tasks.ts'
import { useText } from '../../locales/use-text.ts'
import { columnMove } from './column-move.ts'

export interface CardMoving {
  /** The result of the last move, shown on the page and announced to screen readers. */
  readonly said: { readonly text: string; readonly isProblem: boolean } | undefined
  readonly isBusy: boolean
  /** Moves a card into a column. */
  readonly toColumn: (task: TaskView, to: TaskState) => void
  readonly send: (task: TaskView, move: TaskMoveRequest, to?: TaskState, onDone?: () => void) => void
}

interface MovingOptions {
  readonly needsVerification: boolean
  /** The user has to fill in a form first. */
  readonly onAsk: (task: TaskView, form: 'wait' | 'sendBack') => void
}

/** Moves cards and reports the result. If two people move the same card, the second sees who was first. */
export function useMoveCard({ needsVerification, onAsk }: MovingOptions): CardMoving {
  const { t } = useText()
  const { site } = useMe()
  const queries = useQueryClient()
  const mutation = useMoveTask()
  const [said, setSaid] = useState<CardMoving['said']>()

  const sayConflict = async (task: TaskView): Promise<void> => {
    const now = await queries.query({ ...taskQuery(site, task.id), staleTime: 0 }).catch(() => undefined)
    const column = t(`tasks.column.${now?.state ?? task.state}`)
    const by = now?.history.findLast(({ from, to }) => from !== to)?.by
    const text =
      by === undefined
        ? t('tasks.said.movedMeanwhile', { title: task.title, column })
        : t('tasks.said.movedBy', { name: by, title: task.title, column })
    setSaid({ text, isProblem: true })
  }

  const send: CardMoving['send'] = (task, move, to, onDone) =>
    mutation.mutate(
      { id: task.id, revision: task.revision, do: move, ...(to !== undefined && { to }) },
      {
        onSuccess: () => {
          const text =
            to === undefined
              ? t('tasks.said.done', { title: task.title })
              : t('tasks.said.moved', { title: task.title, column: t(`tasks.column.${to}`) })
          setSaid({ text, isProblem: false })
          onDone?.()
        },
        onError: (error) => {
          if (isApiError(error, 'conflict')) return void sayConflict(task)
          const why = isApiError(error, 'own_work') ? 'ownWork' : isApiError(error, 'forbidden') ? 'notYours' : 'failed'
          setSaid({ text: t(`tasks.refused.${why}`), isProblem: true })
        },
      },
    )

  return {
    said,
    isBusy: mutation.isPending,
    send,
    toColumn(task, to) {
      const move = columnMove(task, to, needsVerification)
      if (move.kind === 'move') send(task, move.do, to)
      else if (move.kind === 'ask') onAsk(task, move.form)
      else if (move.kind === 'refused') setSaid({ text: t(`tasks.refused.${move.why}`), isProblem: true })
    },
  }
}
