import type { OrderDetail, OrderVisit } from '@stagewatch/shared/contract/orders.ts'
import { clsx } from 'clsx'
import { useTranslated } from '../../api/translations.ts'
import card from '../../components/card.module.css'
import { SpentBar, spentKinds, SpentKey } from '../../components/spent-bar.tsx'
import { formatShare, withPercentSign } from '../../format/quantity.ts'
import { useDurationText } from '../../format/use-duration-text.ts'
import { useText } from '../../locales/use-text.ts'
import { lastVisitOf } from './further-parts.ts'
import { hasClosedTime } from './timeline-layout.ts'
import styles from './time-spent.module.css'

type Clock = 'workingMs' | 'elapsedMs'

/** How the time of the current or last visit was spent. */
export function TimeSpent({ order }: { readonly order: OrderDetail }) {
  const { t, nameOf } = useText()
  const duration = useDurationText()
  const visit = lastVisitOf(order)
  if (visit === undefined) return null
  // A visit entirely within closed time has no working time to divide.
  const clock: Clock = visit.workingMs > 0 ? 'workingMs' : 'elapsedMs'
  const isOver = visit.leftAt !== undefined
  // An order ends as it enters its last stage, or within the same event.
  if (isOver && visit.elapsedMs === 0) return null
  return (
    <section className={clsx(card['card'], styles['card'])}>
      <h2 className={card['title']}>
        {t(isOver ? 'order.spent.titleOver' : 'order.spent.title', {
          stage: nameOf(visit.name),
          time: duration(visit[clock]),
        })}
        {hasClosedTime([visit]) && <span className={card['titleNote']}>{t(`order.spent.${clock}`)}</span>}
      </h2>
      <SpentParts visit={visit} clock={clock} />
      <div className={styles['columns']}>
        <Causes visit={visit} clock={clock} />
        <OverdueBy visit={visit} clock={clock} />
      </div>
    </section>
  )
}

interface VisitProps {
  readonly visit: OrderVisit
  readonly clock: Clock
}

function SpentParts({ visit: { times }, clock }: VisitProps) {
  const { t, language } = useText()
  const duration = useDurationText()
  const parts = spentKinds.map((kind) => ({ kind, ms: times[kind][clock] })).filter(({ ms }) => ms > 0)
  const total = parts.reduce((sum, { ms }) => sum + ms, 0)
  if (total === 0) return <p className={styles['none']}>{t('order.spent.none')}</p>
  return (
    <>
      <SpentBar parts={parts} />
      <dl className={styles['parts']}>
        {parts.map(({ kind, ms }) => (
          <div key={kind}>
            <dt>
              <SpentKey kind={kind} />
            </dt>
            <dd>
              {duration(ms)} <small>{withPercentSign(formatShare(ms, total, language), language)}</small>
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}

function Causes({ visit: { waits }, clock }: VisitProps) {
  const { t } = useText()
  const rows = waits.map((wait) => ({ label: t(`order.cause.${wait.cause}`), ms: wait[clock], isMissing: false }))
  if (rows.length === 0) return null
  return <Bars title={t('order.spent.causes')} rows={rows} />
}

/** Who owned the order after it passed its limit. */
function OverdueBy({ visit: { overdueBy, overdueMs = 0 } }: VisitProps) {
  const { t } = useText()
  const translated = useTranslated()
  const duration = useDurationText()
  if (overdueMs === 0 || overdueBy.length === 0) return null
  const rows = overdueBy.map(({ owner, workingMs }) => ({
    label: owner === undefined ? t('order.spent.nobody') : translated(owner),
    ms: workingMs,
    isMissing: owner === undefined,
  }))
  return <Bars title={t('order.spent.overdueBy', { time: duration(overdueMs) })} rows={rows} />
}

interface BarsProps {
  readonly title: string
  readonly rows: readonly { readonly label: string; readonly ms: number; readonly isMissing: boolean }[]
}

function Bars({ title, rows }: BarsProps) {
  const { language } = useText()
  const duration = useDurationText()
  const total = rows.reduce((sum, { ms }) => sum + ms, 0)
  const most = Math.max(1, ...rows.map(({ ms }) => ms))
  return (
    <div>
      <h3 className={styles['subtitle']}>{title}</h3>
      <ul className={styles['rows']}>
        {rows.map(({ label, ms, isMissing }) => (
          <li key={label}>
            <span className={clsx(styles['label'], isMissing && styles['missing'])}>{label}</span>
            <span className={styles['track']} aria-hidden>
              <span style={{ width: `${(ms / most) * 100}%` }} />
            </span>
            <span className={styles['value']}>
              {duration(ms)} · {withPercentSign(formatShare(ms, total, language), language)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
