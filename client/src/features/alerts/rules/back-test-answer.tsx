import { Button } from '@mantine/core'
import type { BackTest, MeasureBackTest, OrderBackTest } from '@stagewatch/shared/contract/alert-rules.ts'
import type { AlertCondition, MeasureCondition } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { factsOf } from '@stagewatch/shared/domain/alerts/measures.ts'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { serverTime } from '../../../api/server-time.ts'
import layout from '../../../components/layout/layout.module.css'
import { instantText } from '../../../format/instant-text.ts'
import { formatCount } from '../../../format/quantity.ts'
import { useDurationText } from '../../../format/use-duration-text.ts'
import { useText } from '../../../locales/use-text.ts'
import styles from './rules.module.css'
import { thresholdOf } from './rule-values.ts'
import { useRuleText } from './use-rule-text.ts'

/** Initial number of displayed alerts, because the list can be long. */
const shownAtFirst = 10

interface BackTestAnswerProps {
  readonly result: BackTest
  /** The condition that was tested. */
  readonly condition: AlertCondition
}

/** The alerts that a rule would have raised: their number, and the newest ones. */
export function BackTestAnswer({ result, condition }: BackTestAnswerProps) {
  if (result.kind === 'orders') return <OrderAnswer result={result} />
  return condition.kind === 'measure' ? <MeasureAnswer result={result} condition={condition} /> : null
}

function OrderAnswer({ result }: { readonly result: OrderBackTest }) {
  const { t, language } = useText()
  const { stageName } = useRuleText()
  const duration = useDurationText()
  const timeText = useInstantText()
  const count = (value: number): string => formatCount(value, language)
  return (
    <>
      <p role="status">
        {result.alertCount === 0
          ? t('alerts.try.none', { count: result.days, orders: count(result.orderCount) })
          : t('alerts.try.answer', {
              count: result.alertCount,
              value: count(result.alertCount),
              days: result.days,
              early: count(result.earlyCount),
              most: count(result.maxPerDay),
            })}
      </p>
      <FoundAlerts
        alerts={result.alerts}
        total={result.alertCount}
        keyOf={({ order, stage, beganAt }) => `${order} ${stage} ${beganAt}`}
        renderRow={({ order, stage, beganAt, leadMs }) => (
          <>
            <Link to="/orders/$order" params={{ order }}>
              {order}
            </Link>
            <span>
              {stageName(stage)} · {timeText(beganAt)}
              {leadMs !== undefined && leadMs > 0 && ` · ${t('alerts.try.before', { time: duration(leadMs) })}`}
            </span>
          </>
        )}
      />
    </>
  )
}

interface MeasureAnswerProps {
  readonly result: MeasureBackTest
  readonly condition: MeasureCondition
}

function MeasureAnswer({ result, condition }: MeasureAnswerProps) {
  const { t, language } = useText()
  const { stageName, processName, measuredText } = useRuleText()
  const timeText = useInstantText()
  const { measure } = condition
  const { of } = factsOf(measure)
  const { side } = thresholdOf(condition)
  const count = (value: number): string => formatCount(value, language)
  const { alertCount, placeCount, knownFrom, days, maxPerDay } = result
  if (placeCount === 0) return <p role="status">{t(`alerts.try.nothing.${of}`)}</p>
  return (
    <>
      <p role="status">
        {alertCount === 0
          ? t(`alerts.try.nonePlaces.${of}`, { count: days, places: count(placeCount) })
          : t('alerts.try.answerPlaces', { count: alertCount, value: count(alertCount), days, most: count(maxPerDay) })}
        {knownFrom !== undefined && ` ${t('alerts.try.knownFrom', { time: timeText(knownFrom) })}`}
      </p>
      <FoundAlerts
        alerts={result.alerts}
        total={alertCount}
        keyOf={({ process, stage, source, beganAt }) => `${process} ${stage} ${source} ${beganAt}`}
        renderRow={({ process, stage, source, beganAt, endedAt, value, worstValue }) => (
          <>
            <span>{of === 'source' ? source : of === 'stage' ? stageName(stage) : processName(process)}</span>
            <span>
              {endedAt === undefined
                ? t('alerts.try.since', { from: timeText(beganAt) })
                : t('alerts.try.fromTo', { from: timeText(beganAt), to: timeText(endedAt) })}
              {' · '}
              {worstValue === value
                ? measuredText(measure, value)
                : t(`alerts.try.worst.${side}`, {
                    value: measuredText(measure, value),
                    worst: measuredText(measure, worstValue),
                  })}
            </span>
          </>
        )}
      />
      <p className={layout['meta']}>{t(of === 'source' ? 'alerts.try.byReceipt' : 'alerts.try.byEvents')}</p>
    </>
  )
}

/** Formats instants of the past as seen when the answer arrived. */
function useInstantText(): (at: number) => string {
  const { language } = useText()
  const [now] = useState(() => serverTime(Date.now()))
  return (at) => instantText(at, now, language)
}

interface FoundAlertsProps<Alert> {
  readonly alerts: readonly Alert[]
  /** Number of alerts, of which the newest are listed. */
  readonly total: number
  readonly keyOf: (alert: Alert) => string
  readonly renderRow: (alert: Alert) => ReactNode
}

function FoundAlerts<Alert>({ alerts, total, keyOf, renderRow }: FoundAlertsProps<Alert>) {
  const { t, language } = useText()
  const [areAllShown, setAllShown] = useState(false)
  const value = formatCount(alerts.length, language)
  if (alerts.length === 0) return null
  return (
    <details>
      <summary>{alerts.length < total ? t('alerts.try.newest', { value }) : t('alerts.try.list')}</summary>
      <ul className={styles['found']}>
        {alerts.slice(0, areAllShown ? undefined : shownAtFirst).map((alert) => (
          <li key={keyOf(alert)}>{renderRow(alert)}</li>
        ))}
      </ul>
      {!areAllShown && alerts.length > shownAtFirst && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAllShown(true)}>
          {t('alerts.try.all', { value })}
        </Button>
      )}
    </details>
  )
}
