import type { OverviewAnswer } from '@stagewatch/shared/contract/overview.ts'
import { clsx } from 'clsx'
import { memo, type ReactNode } from 'react'
import { StatusGlyph } from '../../components/status-glyph.tsx'
import { formatCount, formatPercent, missing, withPercentSign } from '../../format/quantity.ts'
import styles from './kpi-cards.module.css'
import {
  atRiskTone,
  judgedCount,
  kpiHistories,
  leadTimeFigure,
  onTimeFigure,
  overdueTone,
  saysNothing,
  stalledTone,
  type KpiFigure,
  type KpiTone,
} from './kpi-rules.ts'
import { OrdersLink, type OrdersChoice } from '../../components/order/orders-link.tsx'
import type { Filters } from '../../components/filters/filter-search.ts'
import { Sparkline } from './sparkline.tsx'
import { useOverviewText } from './use-overview-text.ts'

interface KpiCardsProps {
  readonly overview: OverviewAnswer
  readonly filters: Filters
  /** See `atRiskTone`. */
  readonly soonCeiling: number | undefined
}

/** The six key figures for a manager, each linked to the orders that it counts. */
export const KpiCards = memo(function KpiCards({ overview, filters, soonCeiling }: KpiCardsProps) {
  const { t, language, duration, span } = useOverviewText()
  const { overdue, stalled, atRisk, open, signed } = overview
  const { previous } = signed
  const history = kpiHistories(overview)
  const count = (value: number | undefined): string => (value === undefined ? missing : formatCount(value, language))
  const onTimeOf = (part: typeof previous): string => {
    const { value, unit } = onTimeFigure(part, language)
    return unit === undefined ? value : withPercentSign(value, language)
  }
  const sameTime = (earlier: Pick<typeof stalled, 'previousDay' | 'previousWeek'>, judged: number) =>
    saysNothing(judged, open.count)
      ? undefined
      : t('overview.sameTime', { day: count(earlier.previousDay), week: count(earlier.previousWeek) })
  const goal = (value: string | undefined): string | undefined =>
    value === undefined ? undefined : t('overview.goal', { value })
  const link = (status: OrdersChoice['status']): OrdersChoice => ({ status, ...filters })
  return (
    <ul className={styles['cards']}>
      <Kpi
        title={t('overview.overdue')}
        choice={link('overdue')}
        tone={overdueTone(overdue)}
        figure={{ value: judgedCount(overdue.count, overdue.judged, open.count, language) }}
        sub={[
          t('overview.unclaimedCount', { count: overdue.unclaimed }),
          overdue.ceiling === undefined ? undefined : t('overview.ceiling', { value: count(overdue.ceiling) }),
        ]}
        comparison={sameTime(overdue, overdue.judged)}
        history={history.overdue}
        isRed
      />
      <Kpi
        title={t('overview.stalled')}
        choice={link('stalled')}
        tone={stalledTone(stalled)}
        figure={{ value: judgedCount(stalled.count, stalled.judged, open.count, language) }}
        sub={[t('overview.stalledOf', { value: count(stalled.judged) })]}
        comparison={sameTime(stalled, stalled.judged)}
        history={history.stalled}
      />
      <Kpi
        title={t('overview.atRisk')}
        choice={link('atRisk')}
        tone={atRiskTone(atRisk, soonCeiling)}
        figure={{ value: judgedCount(atRisk.count, overdue.judged, open.count, language) }}
        sub={[t('overview.soon', { count: atRisk.soon, span: span(atRisk.soonWithinMs).replace(' ', '\u00A0') })]}
        comparison={sameTime(atRisk, overdue.judged)}
        history={history.atRisk}
      />
      <Kpi
        title={t('overview.onTime')}
        choice={link('completed')}
        figure={onTimeFigure(signed, language)}
        missSign="▼"
        sub={[
          goal(signed.onTimeGoal === undefined ? undefined : formatPercent(signed.onTimeGoal, language)),
          `${count(signed.onTime)} / ${count(signed.promised)}`,
        ]}
        comparison={t('overview.previousPeriod', { value: onTimeOf(previous) })}
        history={history.onTime}
      />
      <Kpi
        title={t('overview.open')}
        choice={link('open')}
        figure={{ value: count(open.count) }}
        sub={[t('overview.inOut', { arrived: count(open.arrived), departed: count(open.departed) })]}
        comparison={open.held > 0 ? t('overview.heldCount', { count: open.held }) : undefined}
        history={history.open}
      />
      <Kpi
        title={t('overview.leadTime')}
        choice={link('completed')}
        figure={leadTimeFigure(signed, language)}
        missSign="▲"
        sub={[
          goal(signed.leadTimeGoalMs === undefined ? undefined : duration(signed.leadTimeGoalMs)),
          signed.leadTimeP90Ms === undefined ? undefined : `P90 ${duration(signed.leadTimeP90Ms)}`,
        ]}
        comparison={t('overview.previousPeriod', {
          value: previous.leadTimeP50Ms === undefined ? missing : duration(previous.leadTimeP50Ms),
        })}
        history={history.leadTime}
      />
    </ul>
  )
})

interface KpiProps {
  readonly title: string
  readonly choice: OrdersChoice
  /** Undefined: the figure has no state. */
  readonly tone?: KpiTone
  readonly figure: KpiFigure
  /** Shown in front of the difference to the goal. */
  readonly missSign?: '▲' | '▼'
  readonly sub: readonly (string | undefined)[]
  readonly comparison?: string | undefined
  readonly history: readonly (number | undefined)[]
  /** Whether the figure itself is coloured. */
  readonly isRed?: boolean
}

function Kpi({ title, choice, tone, figure, missSign, sub, comparison, history, isRed = false }: KpiProps): ReactNode {
  const { t } = useOverviewText()
  const { value, unit, miss } = figure
  const isAlarm = isRed && tone?.isQuiet === false
  const parts = sub.filter((part) => part !== undefined)
  return (
    <li className={styles['card']}>
      <OrdersLink choice={choice} className={styles['link']}>
        <span className={styles['title']} data-state={tone?.isQuiet === false ? tone.state : undefined}>
          {tone !== undefined && <StatusGlyph state={tone.state} quiet={tone.isQuiet} />}
          {title}
          {miss !== undefined && (
            <span className={styles['miss']}>
              {missSign}
              {miss}
              <span className="hidden-text" data-may-truncate>
                {t('overview.missesGoal')}
              </span>
            </span>
          )}
        </span>
        <span className={styles['figure']}>
          <span className={clsx(styles['value'], isAlarm && styles['alarm'])}>{value}</span>
          {unit !== undefined && <span className={styles['unit']}>{unit === '%' ? '%' : t(`unit.${unit}`)}</span>}
          <Sparkline points={history} isAlarm={isAlarm} />
        </span>
        {parts.length > 0 && <span className={styles['sub']}>{parts.join(' · ')}</span>}
        {comparison !== undefined && <span className={styles['comparison']}>{comparison}</span>}
      </OrdersLink>
    </li>
  )
}
