import { Button } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { parseSearch } from '../../api/search-params.ts'
import { TranslationsContext } from '../../api/translations.ts'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { ConnectSteps } from '../../components/connect-steps.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { LiveChip } from '../../components/layout/live-chip.tsx'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { ShortcutHint } from '../../components/shortcuts/key-caps.tsx'
import { useShortcuts } from '../../components/shortcuts/use-shortcuts.ts'
import { instantText } from '../../format/instant-text.ts'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { BulkActions } from './bulk-actions.tsx'
import { useColumnChoice } from './column-choice.ts'
import { columnsOfEnded } from './order-columns.tsx'
import { OrdersTable } from './orders-table.tsx'
import { useFittingColumns } from './fitting-columns.ts'
import { isFiltered, ordersSearch, questionOf, sortOf, type OrdersSearch } from './orders-search.ts'
import { OrdersToolbar } from './orders-toolbar.tsx'
import styles from './orders.module.css'
import { StatusTabs } from './status-tabs.tsx'
import { useOrderList } from './use-order-list.ts'
import { useSelection } from './use-selection.ts'

const route = getRouteApi('/shell/orders')

export function OrdersPage() {
  const { t } = useText()
  return (
    <Page title={t('nav.orders')} needs="orders.read" status={<LiveChip />}>
      <Orders />
    </Page>
  )
}

function Orders() {
  const { t, language } = useText()
  const { site, actions } = useMe()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/orders' })
  const [columns, setColumns] = useColumnChoice()
  const wanted = search.status === 'completed' ? columnsOfEnded(columns) : columns
  const fitting = useFittingColumns(wanted)
  const question = questionOf(search)
  const { query, rows, updates, apply, newest, translations } = useOrderList(question)

  const selection = useSelection(rows)
  const [askedBefore, setAskedBefore] = useState(question)
  if (question !== askedBefore) {
    setAskedBefore(question)
    selection.clear()
  }

  const change = (changed: Partial<OrdersSearch>, replace = false): void => {
    void navigate({ search: (before) => ({ ...before, ...changed }), replace })
  }
  const openView = (view: string): void =>
    void navigate({ search: ({ site: chosen }) => ({ ...ordersSearch.parse(parseSearch(view)), site: chosen }) })
  const clear = (): void => void navigate({ search: ({ status, sort }) => ({ status, sort }) })
  useShortcuts([{ keys: 'r', text: t('orders.shortcut.apply'), run: apply }])

  const needMore = query.hasNextPage && !query.isFetching ? () => void query.fetchNextPage() : undefined
  return (
    <section className={clsx(card['card'], card['flush'], styles['list'])}>
      <StatusTabs
        status={search.status}
        total={newest === undefined || query.isPlaceholderData ? undefined : newest.total}
        onChange={(status) => change({ status })}
      />
      <OrdersToolbar
        search={search}
        question={question}
        seen={rows}
        columns={columns}
        tooNarrowFor={wanted.filter((id) => !fitting.includes(id))}
        onChange={change}
        onClear={clear}
        onOpenView={openView}
        onColumns={setColumns}
      />
      {updates > 0 && (
        <div className={styles['updates']} data-floats>
          <Button
            size="compact-sm"
            radius="xl"
            leftSection={<RefreshCw size={14} aria-hidden />}
            loading={query.isRefetching}
            onClick={apply}
          >
            {t('orders.updates', { count: updates, value: formatCount(updates, language) })}
            <ShortcutHint keys="r" className={styles['key']} />
          </Button>
        </div>
      )}
      <QueryBoundary query={query} isInCard>
        {() =>
          rows.length === 0 ? (
            <NoOrders search={search} onClear={clear} />
          ) : (
            <div className={clsx(query.isPlaceholderData && styles['old'])} aria-busy={query.isPlaceholderData}>
              <TranslationsContext value={translations}>
                <OrdersTable
                  key={`${site} ${question}`}
                  rows={rows}
                  question={question}
                  columns={fitting}
                  total={newest?.total ?? rows.length}
                  now={newest?.asOf ?? 0}
                  sort={sortOf(search)}
                  onSort={(sort) => change({ sort })}
                  selection={actions.includes('orders.act') ? selection : undefined}
                  onNeedMore={needMore}
                />
              </TranslationsContext>
              <BulkActions selection={selection} rows={rows} />
              {query.isFetchNextPageError && <ErrorAlert error={query.error} />}
            </div>
          )
        }
      </QueryBoundary>
      {newest?.memoryFrom !== undefined && !query.hasNextPage && (
        <p className={styles['memory']}>
          {t('orders.memory', { date: instantText(newest.memoryFrom, newest.asOf, language) })}
        </p>
      )}
    </section>
  )
}

interface NoOrdersProps {
  readonly search: OrdersSearch
  readonly onClear: () => void
}

/** Explains why the list is empty and what to do about it. */
function NoOrders({ search, onClear }: NoOrdersProps) {
  const { t } = useText()
  if (isFiltered(search)) {
    return (
      <EmptyState isInCard title={t('orders.noneMatch')}>
        <p>{t('orders.noneMatchText')}</p>
        <Button variant="default" onClick={onClear}>
          {t('orders.clearFilters')}
        </Button>
      </EmptyState>
    )
  }
  if (search.status !== undefined) {
    return (
      <EmptyState isInCard title={t('orders.noneInState', { state: t(`orders.status.${search.status}`) })}>
        <p>{t('orders.noneInStateText')}</p>
      </EmptyState>
    )
  }
  return (
    <EmptyState isInCard title={t('orders.none')}>
      <p>{t('orders.noneText')}</p>
      <ConnectSteps />
    </EmptyState>
  )
}
