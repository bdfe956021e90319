import type { TaskDetail } from '@stagewatch/shared/contract/tasks.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDepartmentNames } from '../../api/department-names.ts'
import { isApiError } from '../../api/request.ts'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { taskQuery } from '../../api/tasks.ts'
import { Dialog } from '../../components/dialog.tsx'
import layout from '../../components/layout/layout.module.css'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { instantText } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'
import { translatedName } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { TaskActions, type TaskForm } from './task-actions.tsx'
import styles from './tasks.module.css'
import type { CardMoving } from './use-move-card.ts'
import { useTaskText } from './use-task-text.ts'
import { TranslationsContext, useTranslated } from '../../api/translations.ts'

interface TaskDrawerProps {
  readonly id: number
  /** The form that is open initially. Undefined: none. */
  readonly form: TaskForm | undefined
  readonly moving: CardMoving
  readonly needsVerification: boolean
  readonly onClose: () => void
}

/** One task beside the board: its subject, the available actions, and its history. */
export function TaskDrawer({ id, form, moving, needsVerification, onClose }: TaskDrawerProps) {
  const { t, nameOf } = useText()
  const { site } = useMe()
  const query = useQuery(taskQuery(site, id))
  const title = query.data && nameOf(translatedName(query.data.title, query.data.titles))
  return (
    <Dialog title={title ?? t('tasks.one')} className={styles['drawer']} closesBeside onClose={onClose}>
      {isApiError(query.error, 'not_found') ? (
        <p>{t('tasks.notFound')}</p>
      ) : (
        <QueryBoundary query={query} isInCard>
          {(task) => (
            <TranslationsContext value={task.translations}>
              <div className={layout['stack']}>
                <TaskFacts task={task} now={serverTime(query.dataUpdatedAt)} />
                {moving.said !== undefined && (
                  <p className={moving.said.isProblem ? styles['problem'] : layout['meta']} role="status">
                    {moving.said.text}
                  </p>
                )}
                <TaskActions
                  key={task.revision}
                  task={task}
                  firstForm={form}
                  moving={moving}
                  needsVerification={needsVerification}
                />
                <TaskHistory task={task} now={serverTime(query.dataUpdatedAt)} />
              </div>
            </TranslationsContext>
          )}
        </QueryBoundary>
      )}
    </Dialog>
  )
}

function TaskFacts({ task, now }: { readonly task: TaskDetail; readonly now: number }) {
  const { t } = useText()
  const { nameOf } = useDepartmentNames()
  const translated = useTranslated()
  const { person, place, time, next } = useTaskText(now)
  const nextLine = next(task)
  const facts = [
    [t('tasks.fact.state'), t(`tasks.column.${task.state}`)],
    [t('tasks.fact.assignee'), person(task.assignee)],
    [t('tasks.fact.reason'), task.assignReason && t(`tasks.reason.${task.assignReason}`)],
    [t('tasks.fact.department'), task.department && nameOf(task.department)],
    [t('tasks.fact.stage'), place(task)],
    [t('tasks.fact.customer'), task.about?.customer && translated(task.about.customer)],
    [t('tasks.fact.time'), time(task)],
    [t('tasks.fact.next'), nextLine?.text],
  ] as const
  return (
    <>
      <p className={layout['row']}>
        {task.order !== undefined && (
          <Link to="/orders/$order" params={{ order: task.order }}>
            {task.order}
          </Link>
        )}
        {task.alert !== undefined && (
          <Link to="/alerts" search={{ alert: String(task.alert) }}>
            {t('tasks.toAlert')}
          </Link>
        )}
      </p>
      <dl className={layout['pairs']}>
        {facts.map(
          ([label, value]) =>
            value !== undefined && (
              <div key={label} className={styles['fact']}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </>
  )
}

function TaskHistory({ task, now }: { readonly task: TaskDetail; readonly now: number }) {
  const { t, language } = useText()
  const { entry: entryText } = useTaskText(now)
  const translated = useTranslated()
  return (
    <section>
      <h3 className={styles['historyTitle']}>{t('tasks.historyTitle')}</h3>
      <ol className={styles['history']}>
        {task.history.map((entry, at) => (
          // Entries are append-only.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={at}>
            <time dateTime={new Date(entry.at).toISOString()}>{instantText(entry.at, now, language)}</time>
            <span className={layout['break']}>
              {entry.by !== undefined && <strong>{translated(entry.by)} </strong>}
              {entryText(entry)}
              {entry.text !== undefined && entry.kind !== 'comment' && entry.kind !== 'wait' && (
                <span className={layout['meta']}> {entry.text}</span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
