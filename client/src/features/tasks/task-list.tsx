import type { TaskBoard, TaskView } from '@stagewatch/shared/contract/tasks.ts'
import { taskStates, type TaskState } from '@stagewatch/shared/domain/tasks/task-state.ts'
import { Fragment } from 'react'
import layout from '../../components/layout/layout.module.css'
import { OnlineButton } from '../../components/online-button.tsx'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { translatedName } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { columnMove } from './column-move.ts'
import { stepKey } from './task-actions.tsx'
import { TaskCard } from './task-card.tsx'
import styles from './tasks.module.css'

interface TaskListProps {
  readonly board: TaskBoard
  readonly now: number
  readonly mayMove: boolean
  readonly onOpen: (id: number) => void
  readonly onMove: (task: TaskView, to: TaskState) => void
}

/** The board where there is no room for columns: one below the other, with the moves as buttons. */
export function TaskList({ board, now, mayMove, onOpen, onMove }: TaskListProps) {
  const { t, language, nameOf } = useText()
  return (
    <div className={layout['stack']}>
      {taskStates
        .filter((state) => board.columns[state].count > 0)
        .map((state) => {
          const { count, ids } = board.columns[state]
          return (
            <section key={state} className={styles['column']} aria-label={t(`tasks.column.${state}`)}>
              <h2 className={styles['columnHead']}>
                <span>{t(`tasks.column.${state}`)}</span>{' '}
                <span className={styles['count']}>{formatCount(count, language)}</span>
              </h2>
              <ul className={styles['cards']}>
                {ids.map((id) => {
                  const task = board.tasks[String(id)]
                  if (task === undefined) return null
                  const steps = mayMove ? stepsOf(task, board.rules.needsVerification) : []
                  return (
                    <Fragment key={id}>
                      <TaskCard task={task} now={now} mayMove={false} onOpen={() => onOpen(task.id)} />
                      {steps.length > 0 && (
                        <li className={styles['steps']}>
                          {steps.map((to) => (
                            <OnlineButton
                              key={to}
                              size="sm"
                              variant="default"
                              aria-label={t('tasks.stepOf', {
                                step: t(stepKey(task, to)),
                                title: nameOf(translatedName(task.title, task.titles)),
                              })}
                              onClick={() => onMove(task, to)}
                            >
                              {t(stepKey(task, to))}
                            </OnlineButton>
                          ))}
                        </li>
                      )}
                    </Fragment>
                  )
                })}
              </ul>
              {count > ids.length && <p className={styles['none']}>{t('tasks.more', { count: count - ids.length })}</p>}
            </section>
          )
        })}
    </div>
  )
}

/** The columns that a task can move to. */
function stepsOf(task: TaskView, needsVerification: boolean): TaskState[] {
  return (['inProgress', 'waiting', 'toVerify', 'closed'] as const).filter((to) => {
    const { kind } = columnMove(task, to, needsVerification)
    return kind === 'move' || kind === 'ask'
  })
}
