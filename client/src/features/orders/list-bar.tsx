import { ActionIcon } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useEffect } from 'react'
import { useMe } from '../../api/session.ts'
import { ShortcutHint } from '../../components/shortcuts/key-caps.tsx'
import { useShortcuts } from '../../components/shortcuts/use-shortcuts.ts'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { keepSelection } from './list-place.ts'
import styles from './order.module.css'
import { listFilters, questionOf, type OrdersSearch } from './orders-search.ts'
import { useOrderList } from './use-order-list.ts'
import { useStageNames } from './use-stage-names.ts'

const iconSize = 16

interface ListBarProps {
  readonly order: string
  /** Search parameters of the list from which the order was opened. */
  readonly search: OrdersSearch
  /** Whether the order was opened from a list. */
  readonly hasList: boolean
}

/** Links back to the list and to the neighbouring orders in it. */
export function ListBar({ order, search, hasList }: ListBarProps) {
  const { t } = useText()
  const { site } = useMe()
  const navigate = useNavigate()
  const question = questionOf(search)
  const list = `${site} ${question}`
  useEffect(() => {
    if (hasList) keepSelection(list, order)
  }, [hasList, list, order])
  useShortcuts([{ keys: 'Escape', text: t('order.toList'), run: () => void navigate({ to: '/orders', search }) }])
  return (
    <nav className={styles['bar']} aria-label={t('order.breadcrumb')}>
      <ol className={styles['crumbs']}>
        <li>
          <Link to="/orders">{t('nav.orders')}</Link>
        </li>
        {hasList && question !== '' && (
          <li>
            <Link to="/orders" search={search}>
              <ListName search={search} />
            </Link>
          </li>
        )}
      </ol>
      {hasList && <Neighbours order={order} question={question} />}
    </nav>
  )
}

function ListName({ search }: { readonly search: OrdersSearch }) {
  const { t } = useText()
  const stages = useStageNames()
  const { status, stage, q } = search
  const parts = [
    t(`orders.status.${status ?? 'all'}`),
    stage === undefined ? undefined : (stages.get(stage) ?? stage),
    ...listFilters.flatMap((name) => search[name] ?? []),
    q === undefined ? undefined : `“${q}”`,
  ]
  return parts.filter((part) => part !== undefined && part !== '').join(' · ')
}

/** Links to the previous and the next order of the list. */
function Neighbours({ order, question }: { readonly order: string; readonly question: string }) {
  const { t, language } = useText()
  const navigate = useNavigate()
  const { rows, newest, query } = useOrderList(question)
  const at = rows.findIndex((row) => row.order.order === order)
  const { hasNextPage, isFetching, fetchNextPage } = query
  const isLastLoaded = at === rows.length - 1
  useEffect(() => {
    if (at !== -1 && isLastLoaded && hasNextPage && !isFetching) void fetchNextPage()
  }, [at, isLastLoaded, hasNextPage, isFetching, fetchNextPage])
  const before = at > 0 ? rows[at - 1]?.order.order : undefined
  const after = at === -1 ? undefined : rows[at + 1]?.order.order
  // The back button leads to the list, not through all visited orders.
  const go = (to: string | undefined): void => {
    if (to === undefined) return
    void navigate({ to: '/orders/$order', params: { order: to }, search: { list: question }, replace: true })
  }
  useShortcuts([
    ...(after === undefined ? [] : [{ keys: 'j', text: t('order.next'), run: () => go(after) }]),
    ...(before === undefined ? [] : [{ keys: 'k', text: t('order.previous'), run: () => go(before) }]),
  ])
  const total = Math.max(newest?.total ?? 0, rows.length)
  return (
    <div className={styles['neighbours']}>
      <ActionIcon
        variant="default"
        aria-label={t('order.previous')}
        disabled={before === undefined}
        onClick={() => go(before)}
      >
        <ChevronLeft size={iconSize} aria-hidden />
      </ActionIcon>
      {at !== -1 && (
        <span className={styles['position']}>
          {t('order.position', { place: formatCount(at + 1, language), total: formatCount(total, language) })}
        </span>
      )}
      <ActionIcon
        variant="default"
        aria-label={t('order.next')}
        disabled={after === undefined}
        onClick={() => go(after)}
      >
        <ChevronRight size={iconSize} aria-hidden />
      </ActionIcon>
      <span className={styles['keys']}>
        <ShortcutHint keys="k" />
        <ShortcutHint keys="j" />
      </span>
    </div>
  )
}
