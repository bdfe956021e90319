import type { OverviewAnswer } from '@stagewatch/shared/contract/overview.ts'
import { memo, type CSSProperties } from 'react'
import { useTranslated } from '../../api/translations.ts'
import card from '../../components/card.module.css'
import { formatShare, formatShort, withPercentSign } from '../../format/quantity.ts'
import { softHyphens } from '../../format/soft-hyphens.ts'
import styles from './lateness-bars.module.css'
import { OrdersLink } from '../../components/order/orders-link.tsx'
import type { Filters } from '../../components/filters/filter-search.ts'
import { useOverviewText } from './use-overview-text.ts'

interface LatenessBarsProps {
  readonly lateness: OverviewAnswer['lateness']
  readonly filters: Filters
}

const hourMs = 3_600_000
const maxBars = 6

/** Who had the orders during their time past the limits. */
export const LatenessBars = memo(function LatenessBars({
  lateness: { overdueMs, departments },
  filters,
}: LatenessBarsProps) {
  const { t, language } = useOverviewText()
  const translated = useTranslated()
  const hours = (ms: number): string => `${formatShort(ms / hourMs, language)}${t('unit.h')}`
  const share = (ms: number): string => withPercentSign(formatShare(ms, overdueMs, language), language)
  const shown = departments.slice(0, maxBars)
  const rest = departments.length - shown.length
  const longest = Math.max(1, ...shown.map((each) => each.overdueMs))
  return (
    <section className={card['card']} aria-labelledby="lateness">
      <h2 id="lateness" className={card['title']}>
        {t('overview.lateness')}{' '}
        <span className={card['titleNote']}>{t('overview.latenessTotal', { value: hours(overdueMs) })}</span>
      </h2>
      {shown.length === 0 && <p className={styles['nothing']}>{t('overview.noLateness')}</p>}
      <ul>
        {shown.map(({ department, overdueMs: ms }) => (
          <li key={department}>
            <OrdersLink choice={{ status: 'overdue', ...filters, department: [department] }} className={styles['row']}>
              <span className={styles['name']}>
                {department === '' ? t('overview.unattributed') : softHyphens(translated(department))}
              </span>
              <span className={styles['track']}>
                <span className={styles['bar']} style={{ '--part': ms / longest } as CSSProperties} />
              </span>
              <span className={styles['value']}>
                {share(ms)} · {hours(ms)}
              </span>
            </OrdersLink>
          </li>
        ))}
      </ul>
      {rest > 0 && <p className={styles['nothing']}>{t('overview.moreDepartments', { count: rest })}</p>}
    </section>
  )
})
