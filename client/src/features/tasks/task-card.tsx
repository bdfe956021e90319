import type { TaskView } from '@stagewatch/shared/contract/tasks.ts'
import { clsx } from 'clsx'
import { StatusGlyph } from '../../components/status-glyph.tsx'
import { useText } from '../../locales/use-text.ts'
import { translatedName } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import styles from './tasks.module.css'
import { initialOf, useTaskText } from './use-task-text.ts'
import { useTranslated } from '../../api/translations.ts'

interface TaskCardProps {
  readonly task: TaskView
  /** The server's clock, epoch ms. */
  readonly now: number
  readonly mayMove: boolean
  readonly onOpen: () => void
}

/** A task on the board. It is a button that opens the task; it can be dragged, and moved by keyboard while focused. */
export function TaskCard({ task, now, mayMove, onOpen }: TaskCardProps) {
  const { t, nameOf } = useText()
  const { time, place, next, person } = useTaskText(now)
  const { about, order, assignee, state } = task
  const status = about?.status
  const nextLine = next(task)
  const who = person(assignee)
  const placeText = place(task)
  const translated = useTranslated()
  const customer = about?.customer
  const subject = [customer && translated(customer), order].filter((part) => part !== undefined).join(' · ')
  return (
    <li>
      <button
        type="button"
        className={clsx(styles['taskCard'], state === 'closed' && styles['closed'])}
        data-task={task.id}
        draggable={mayMove}
        onDragStart={(event) => {
          event.dataTransfer.setData('text/plain', String(task.id))
          event.dataTransfer.effectAllowed = 'move'
        }}
        onClick={onOpen}
      >
        <span className={styles['cardTop']}>
          {status !== undefined && status !== 'gone' && (
            <span className={clsx(styles['glyph'], styles[status])}>
              <StatusGlyph state={status} label={t(`state.${status}`)} />
            </span>
          )}
          {placeText !== undefined && <span className={styles['place']}>{placeText}</span>}
          <span className={styles['time']}>{time(task)}</span>
        </span>
        <span className={styles['cardTitle']}>{nameOf(translatedName(task.title, task.titles))}</span>
        {subject !== '' && <span className={styles['subject']}>{subject}</span>}
        {state !== 'closed' && (
          <span className={styles['cardFoot']}>
            {assignee === undefined ? (
              <span className={styles['nobody']}>{who}</span>
            ) : (
              <span className={styles['who']}>
                <span className={styles['avatar']} aria-hidden>
                  {initialOf(who)}
                </span>
                {state === 'unclaimed' ? t('tasks.asked', { name: who }) : who}
              </span>
            )}
            {nextLine !== undefined && (
              <span className={clsx(styles['next'], nextLine.isLate && styles['late'])}>{nextLine.text}</span>
            )}
          </span>
        )}
      </button>
    </li>
  )
}
