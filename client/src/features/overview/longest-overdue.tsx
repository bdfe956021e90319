import type { OrdersAnswer } from '@stagewatch/shared/contract/orders.ts'
import type { OrderSummary } from '@stagewatch/shared/contract/order-summary.ts'
import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { TranslationsContext, useTranslated } from '../../api/translations.ts'
import { memo } from 'react'
import card from '../../components/card.module.css'
import { DwellBar } from '../../components/order/dwell-bar.tsx'
import { OwnerCell, StateChips } from '../../components/order/state-chips.tsx'
import { formatCount, missing } from '../../format/quantity.ts'
import styles from './longest-overdue.module.css'
import { OrdersLink } from '../../components/order/orders-link.tsx'
import type { Filters } from '../../components/filters/filter-search.ts'
import { useOverviewText } from './use-overview-text.ts'

interface LongestOverdueProps {
  readonly answer: OrdersAnswer
  readonly filters: Filters
}

/** The orders furthest past their limit, and their owners. */
export const LongestOverdue = memo(function LongestOverdue({
  answer: { orders, total, translations, asOf },
  filters,
}: LongestOverdueProps) {
  const { t, language } = useOverviewText()
  const count = (value: number): string => formatCount(value, language)
  return (
    <section className={clsx(card['card'], card['flush'])} aria-labelledby="longest-overdue">
      <div className={styles['head']}>
        <h2 id="longest-overdue">
          {t('overview.longest')}{' '}
          {total > 0 && (
            <span className={card['titleNote']}>
              {t('overview.longestOf', { shown: count(orders.length), total: count(total) })}
            </span>
          )}
        </h2>
        {total > 0 && <OrdersLink choice={{ status: 'overdue', ...filters }}>{t('overview.allOverdue')}</OrdersLink>}
      </div>
      {orders.length === 0 ? (
        <p>{t('overview.noneOverdue')}</p>
      ) : (
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">{t('overview.column.state')}</th>
              <th scope="col">{t('overview.column.order')}</th>
              <th scope="col">{t('overview.column.customer')}</th>
              <th scope="col">{t('overview.column.stage')}</th>
              <th scope="col">{t('overview.column.dwell')}</th>
              <th scope="col" className={styles['number']}>
                {t('overview.column.overdueBy')}
              </th>
              <th scope="col">{t('overview.column.owner')}</th>
              <th scope="col" className={styles['reason']}>
                {t('overview.column.reason')}
              </th>
            </tr>
          </thead>
          <TranslationsContext value={translations}>
            <tbody>
              {orders.map((order) => (
                <Row key={order.order} order={order} now={asOf} />
              ))}
            </tbody>
          </TranslationsContext>
        </table>
      )}
    </section>
  )
})

function Row({ order, now }: { readonly order: OrderSummary; readonly now: number }) {
  const { t, nameOf, duration } = useOverviewText()
  const translated = useTranslated()
  return (
    <tr>
      <td>
        <StateChips order={order} isGravestOnly />
      </td>
      <td>
        <Link to="/orders/$order" params={{ order: order.order }} className={styles['order']}>
          {order.order}
        </Link>
      </td>
      <Name label={t('overview.column.customer')} text={order.customer && translated(order.customer)} />
      <Name
        label={t('overview.column.stage')}
        text={order.stageName === undefined ? order.stage : nameOf(order.stageName)}
      />
      <td className={styles['dwell']}>
        <DwellBar order={order} now={now} hasLength={false} />
      </td>
      <td className={styles['number']} data-label={t('overview.column.overdueBy')}>
        {order.overdueMs === undefined ? missing : duration(order.overdueMs)}
      </td>
      <td className={styles['name']} data-label={t('overview.column.owner')} data-may-truncate>
        <OwnerCell order={order} />
      </td>
      <td className={styles['reason']} title={order.reason && translated(order.reason)} data-may-truncate>
        {order.reason === undefined ? missing : translated(order.reason)}
      </td>
    </tr>
  )
}

interface NameProps {
  /** Label on a phone, where the columns have no titles. */
  readonly label: string
  readonly text: string | undefined
}

function Name({ label, text }: NameProps) {
  return (
    <td className={styles['name']} data-label={label} title={text} data-may-truncate>
      {text ?? missing}
    </td>
  )
}
