import type { OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { useMemo } from 'react'
import { TranslationsContext, useTranslated } from '../../api/translations.ts'
import { parseSearch } from '../../api/search-params.ts'
import { isApiError } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'
import { useLiveQuery } from '../../api/use-live-query.ts'
import button from '../../components/button.module.css'
import { OrderApprovals } from '../../components/approvals/order-approvals.tsx'
import { OrderAlerts } from '../../components/alerts/order-alerts.tsx'
import { OrderTasks } from '../../components/tasks/order-tasks.tsx'
import card from '../../components/card.module.css'
import { EmptyState } from '../../components/empty-state.tsx'
import layout from '../../components/layout/layout.module.css'
import { LiveChip } from '../../components/layout/live-chip.tsx'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { instantText } from '../../format/instant-text.ts'
import { missing } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { orderQuery, toOrder } from './api.ts'
import { FollowButton } from './follow-button.tsx'
import { useFurtherParts } from './further-parts.ts'
import { ListBar } from './list-bar.tsx'
import { useSourceName } from './log-text.ts'
import { OrderActions } from './order-actions.tsx'
import { OrderFacts } from './order-facts.tsx'
import { OrderLog } from './order-log.tsx'
import styles from './order.module.css'
import { ordersSearch } from './orders-search.ts'
import { RelatedOrders } from './related-orders.tsx'
import { StageTimeline } from './stage-timeline.tsx'
import { TimeSpent } from './time-spent.tsx'

const route = getRouteApi('/shell/orders/$order')

export function OrderPage() {
  const { order } = route.useParams()
  return (
    <Page title={order} needs="orders.read" status={<LiveChip />} tools={<FollowButton key={order} order={order} />}>
      <OrderContent order={order} />
    </Page>
  )
}

function OrderContent({ order }: { readonly order: string }) {
  const { t } = useText()
  const { site } = useMe()
  const { list } = route.useSearch()
  const search = useMemo(() => ordersSearch.parse(parseSearch(list ?? '')), [list])
  const options = orderQuery(site, order)
  const query = useQuery(options)
  const isFound = !isApiError(query.error, 'not_found')
  useLiveQuery({ queryKey: options.queryKey, message: { kind: 'order', order, search: '' }, toData: toOrder })
  return (
    <div className={layout['stack']}>
      <ListBar order={order} search={search} hasList={list !== undefined} />
      {isFound ? (
        <QueryBoundary query={query}>{(detail) => <OrderBody key={detail.order} order={detail} />}</QueryBoundary>
      ) : (
        <EmptyState title={t('order.notFound')}>
          <p>{t('order.notFoundText', { order })}</p>
          <Link to="/orders" search={search} className={button['link']}>
            {t('order.toList')}
          </Link>
        </EmptyState>
      )}
    </div>
  )
}

function OrderBody({ order }: { readonly order: OrderDetail }) {
  const further = useFurtherParts(order, 'visits')
  const whole = { ...order, visits: [...order.visits, ...further.pages.flatMap(({ visits }) => visits)] }
  return (
    <TranslationsContext value={order.translations}>
      <OrderFacts order={whole} />
      <OrderAlerts order={order.order} />
      <OrderTasks order={order.order} />
      <OrderApprovals order={order.order} />
      <div className={styles['parts']}>
        <OrderActions order={order} />
        <div className={clsx(layout['stack'], styles['story'])}>
          <StageTimeline order={whole} further={further} />
          <TimeSpent order={whole} />
          <DueHistory order={order} />
          <RelatedOrders order={order} />
        </div>
        <OrderLog order={whole} />
      </div>
    </TranslationsContext>
  )
}

/** The earlier values of the limit. */
function DueHistory({ order }: { readonly order: OrderDetail }) {
  const { t, language } = useText()
  const translated = useTranslated()
  const sourceName = useSourceName([order])
  const { dueHistory, asOf } = order
  if (dueHistory.length === 0) return null
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>{t('order.due.title')}</h2>
      <ul className={styles['due']}>
        {dueHistory.map(({ until, by, source, actor = source && sourceName(source), dueAt, promisedAt }) => (
          <li key={`${until} ${by}`}>
            <time dateTime={new Date(until).toISOString()}>{instantText(until, asOf, language)}</time>
            <span>
              {t(`order.due.${by}`)}
              {actor !== undefined && ` · ${translated(actor)}`}
            </span>
            <span>
              {dueAt === undefined
                ? t('order.due.noLimit')
                : t('order.due.before', { time: instantText(dueAt, asOf, language) })}
              {by === 'promise' &&
                ` · ${t('order.due.promised', { time: promisedAt === undefined ? missing : instantText(promisedAt, asOf, language) })}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
