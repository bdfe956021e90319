import { Button } from '@mantine/core'
import { alertRuleRequest } from '@stagewatch/shared/contract/alert-rules.ts'
import type { AlertRuleRequest, BackTest } from '@stagewatch/shared/contract/alert-rules.ts'
import { changedFields } from '@stagewatch/shared/domain/changed-fields.ts'
import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { Play, X } from 'lucide-react'
import { useState } from 'react'
import { serverTime } from '../../../api/server-time.ts'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import layout from '../../../components/layout/layout.module.css'
import note from '../../../components/note.module.css'
import { OnlineButton } from '../../../components/online-button.tsx'
import { instantText } from '../../../format/instant-text.ts'
import { formatCount } from '../../../format/quantity.ts'
import { useDurationText } from '../../../format/use-duration-text.ts'
import { useText } from '../../../locales/use-text.ts'
import { useBackTest } from '../api.ts'
import styles from './rules.module.css'
import { useRuleText } from './use-rule-text.ts'

const days = 30
/** Initial number of displayed alerts, because the list can be long. */
const shownAtFirst = 10

interface BackTestPartProps {
  readonly values: AlertRuleRequest
  /** Called when the values are not a valid rule, so that the fields show their errors. */
  readonly onRefuse: () => void
}

/** The alerts that the rule would have raised, shown before it notifies anybody. */
export function BackTestPart({ values, onRefuse }: BackTestPartProps) {
  const { t } = useText()
  const { state, run, cancel } = useBackTest()
  if (values.condition.kind === 'measure') return <p className={layout['meta']}>{t('alerts.try.onlyOrders')}</p>
  const isOutdated = state.kind === 'done' && changedFields(tested(state.rule), tested(values)).length > 0
  const begin = (): void => {
    // A name is required for saving a rule, but not for testing it.
    const { data } = alertRuleRequest.safeParse({ ...values, name: values.name.trim() || t('alerts.newRule') })
    if (data === undefined) onRefuse()
    else run(data, days)
  }
  return (
    <section className={styles['try']} aria-label={t('alerts.try.title')}>
      <div className={layout['row']}>
        {state.kind === 'running' ? (
          <>
            <progress aria-label={t('alerts.try.running')} />
            <Button variant="default" leftSection={<X size={16} aria-hidden />} onClick={cancel}>
              {t('desk.cancel')}
            </Button>
          </>
        ) : (
          <OnlineButton variant="default" leftSection={<Play size={16} aria-hidden />} onClick={begin}>
            {t('alerts.try.run', { count: days })}
          </OnlineButton>
        )}
      </div>
      {state.kind === 'failed' && <ErrorAlert error={state.error} />}
      {isOutdated && (
        <p className={clsx(note['note'], note['warning'])} role="status">
          {t('alerts.try.outdated')}
        </p>
      )}
      {state.kind === 'done' && <Answer result={state.result} />}
    </section>
  )
}

/** The parts of a rule that affect the result. */
function tested({ condition, scope }: AlertRuleRequest) {
  return { condition, scope }
}

function Answer({ result }: { readonly result: BackTest }) {
  const { t, language } = useText()
  const { stageName } = useRuleText()
  const duration = useDurationText()
  const [areAllShown, setAllShown] = useState(false)
  const count = (value: number): string => formatCount(value, language)
  const [now] = useState(() => serverTime(Date.now()))
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
      {result.alerts.length > 0 && (
        <details>
          <summary>
            {result.alerts.length < result.alertCount
              ? t('alerts.try.newest', { value: count(result.alerts.length) })
              : t('alerts.try.list')}
          </summary>
          <ul className={styles['found']}>
            {result.alerts.slice(0, areAllShown ? undefined : shownAtFirst).map(({ order, stage, beganAt, leadMs }) => (
              <li key={`${order} ${stage} ${beganAt}`}>
                <Link to="/orders/$order" params={{ order }}>
                  {order}
                </Link>
                <span>
                  {stageName(stage)} · {instantText(beganAt, now, language)}
                  {leadMs !== undefined && leadMs > 0 && ` · ${t('alerts.try.before', { time: duration(leadMs) })}`}
                </span>
              </li>
            ))}
          </ul>
          {!areAllShown && result.alerts.length > shownAtFirst && (
            <Button variant="subtle" size="compact-sm" onClick={() => setAllShown(true)}>
              {t('alerts.try.all', { value: count(result.alerts.length) })}
            </Button>
          )}
        </details>
      )}
    </>
  )
}
