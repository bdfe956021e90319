import type { TaskBoard, TaskView } from '@stagewatch/shared/contract/tasks.ts'
import { taskStates, type TaskState } from '@stagewatch/shared/domain/tasks/task-state.ts'
import { clsx } from 'clsx'
import { useState } from 'react'
import { useShortcuts } from '../../components/shortcuts/use-shortcuts.ts'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { TaskCard } from './task-card.tsx'
import styles from './tasks.module.css'

interface TaskColumnsProps {
  readonly board: TaskBoard
  readonly now: number
  readonly mayMove: boolean
  readonly onOpen: (id: number) => void
  readonly onMove: (task: TaskView, to: TaskState) => void
}

/** The five columns. A card is moved by dragging it, or by pressing M and the number of the column. */
export function TaskColumns({ board, now, mayMove, onOpen, onMove }: TaskColumnsProps) {
  const { t, language } = useText()
  const [over, setOver] = useState<TaskState>()
  const moveTo = (id: string | undefined, to: TaskState): void => {
    const task = id === undefined ? undefined : board.tasks[id]
    if (task !== undefined) onMove(task, to)
  }
  useShortcuts(
    mayMove
      ? taskStates.map((state, at) => ({
          keys: `m ${at + 1}`,
          text: t('tasks.moveTo', { column: t(`tasks.column.${state}`) }),
          run: () => moveTo(focusedTask(), state),
        }))
      : [],
  )
  const notes: Readonly<Partial<Record<TaskState, string>>> = {
    unclaimed: t('tasks.note.unclaimed'),
    inProgress: t('tasks.note.inProgress', { limit: board.rules.maxPerPerson }),
    waiting: t('tasks.note.waiting', { hours: board.rules.waitingHours }),
    ...(board.rules.needsVerification && { toVerify: t('tasks.note.toVerify') }),
  }
  return (
    <div className={styles['columns']}>
      {taskStates.map((state) => {
        const { count, ids } = board.columns[state]
        const name = t(`tasks.column.${state}`)
        return (
          // Keyboard users move a card with the shortcuts above.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
          <section
            key={state}
            className={clsx(styles['column'], over === state && styles['over'])}
            aria-label={name}
            data-column={state}
            onDragOver={(event) => {
              if (!mayMove) return
              event.preventDefault()
              setOver(state)
            }}
            onDragLeave={() => setOver(undefined)}
            onDrop={(event) => {
              event.preventDefault()
              setOver(undefined)
              moveTo(event.dataTransfer.getData('text/plain'), state)
            }}
          >
            <h2 className={styles['columnHead']}>
              <span>{name}</span> <span className={styles['count']}>{formatCount(count, language)}</span>
              <span className={styles['note']}>{notes[state]}</span>
            </h2>
            <ul className={styles['cards']}>
              {ids.map((id) => {
                const task = board.tasks[String(id)]
                return (
                  task && <TaskCard key={id} task={task} now={now} mayMove={mayMove} onOpen={() => onOpen(task.id)} />
                )
              })}
            </ul>
            {count === 0 && <p className={styles['none']}>{t('tasks.noneHere')}</p>}
            {count > ids.length && <p className={styles['none']}>{t('tasks.more', { count: count - ids.length })}</p>}
          </section>
        )
      })}
    </div>
  )
}

/** Id of the focused card. */
function focusedTask(): string | undefined {
  return document.activeElement?.closest<HTMLElement>('[data-task]')?.dataset['task']
}
