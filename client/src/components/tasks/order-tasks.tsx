import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { apiSearch } from '../../api/search-params.ts'
import { useMe } from '../../api/session.ts'
import { taskBoardQuery, toTaskBoard } from '../../api/tasks.ts'
import { useTranslated } from '../../api/translations.ts'
import { useLiveQuery } from '../../api/use-live-query.ts'
import { useText } from '../../locales/use-text.ts'
import { translatedName } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import card from '../card.module.css'
import layout from '../layout/layout.module.css'

const NewTask = lazy(() => import('./new-task.tsx').then((module) => ({ default: module.NewTask })))

/** Live list of the open tasks of an order, with a button to create one. */
export function OrderTasks({ order }: { readonly order: string }) {
  const { t, nameOf } = useText()
  const { site, actions } = useMe()
  const [isNew, setNew] = useState(false)
  const search = apiSearch({ order })
  const options = taskBoardQuery(site, search)
  const { data } = useQuery(options)
  useLiveQuery({ queryKey: options.queryKey, message: { kind: 'tasks', search }, toData: toTaskBoard })
  const translated = useTranslated(data?.translations)
  const assigneeText = (name: string | undefined) => (name === undefined ? t('tasks.somebody') : translated(name))
  const open = Object.values(data?.tasks ?? {}).filter(({ state }) => state !== 'closed')
  const mayCreate = actions.includes('orders.act')
  if (open.length === 0 && !mayCreate) return null
  return (
    <section className={card['card']} aria-labelledby="order-tasks">
      <h2 id="order-tasks" className={card['title']}>
        {t('tasks.ofThisOrder')}
      </h2>
      {open.map((task) => (
        <div key={task.id} className={layout['listRow']}>
          <div>
            <Link to="/tasks" search={{ task: String(task.id), segment: 'all' as const }}>
              {nameOf(translatedName(task.title, task.titles))}
            </Link>
            <p className={layout['meta']}>
              {[
                t(`tasks.column.${task.state}`),
                task.assignee === undefined ? t('tasks.unclaimed') : assigneeText(task.assignee.name),
              ].join(' · ')}
            </p>
          </div>
        </div>
      ))}
      {mayCreate && (
        <Button size="sm" variant="default" onClick={() => setNew(true)}>
          {t('tasks.new')}
        </Button>
      )}
      {isNew && (
        <Suspense>
          <NewTask order={order} onClose={() => setNew(false)} />
        </Suspense>
      )}
    </section>
  )
}
