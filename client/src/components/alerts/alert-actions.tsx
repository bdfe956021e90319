import { Button } from '@mantine/core'
import type { AlertView } from '@stagewatch/shared/contract/alerts.ts'
import { clsx } from 'clsx'
import { AlarmClock, ArrowRightLeft, Check, Eye, X } from 'lucide-react'
import { useState } from 'react'
import { useActOnAlert, type AlertAction } from '../../api/alerts.ts'
import { serverTime } from '../../api/server-time.ts'
import { useMe, useSiteTimeZone } from '../../api/session.ts'
import { clockTimeIn, instantIn } from '../../format/site-clock.ts'
import { offsetIn, offsetName, ownTimeZone } from '../../format/time-zone.ts'
import { useText } from '../../locales/use-text.ts'
import { translatedName } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { ErrorAlert } from '../error-alert.tsx'
import layout from '../layout/layout.module.css'
import { notifyDone } from '../notify.ts'
import { OnlineButton } from '../online-button.tsx'
import styles from './alerts.module.css'
import { DeclineForm, HandOverForm } from './hand-over-forms.tsx'
import { ClockField } from '../form/clock-field.tsx'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const iconSize = 16
const presets = { minutes: 30 * minuteMs, hours: 2 * hourMs } as const

type Panel = 'snooze' | 'handOver' | 'decline'

const icons = { snooze: AlarmClock, handOver: ArrowRightLeft, decline: X } as const

/** The user's actions on an alert; nothing for read-only roles or after the alert has ended. */
export function AlertActions({ alert }: { readonly alert: AlertView }) {
  const { t, nameOf } = useText()
  const { actions } = useMe()
  const act = useActOnAlert(alert.id)
  const [panel, setPanel] = useState<Panel>()
  if (!actions.includes('orders.act') || alert.state === 'ended') return null
  const about = alert.order ?? nameOf(translatedName(alert.rule.name, alert.rule.names))
  const isHandedOver = alert.acceptBy !== undefined
  const isForYou = isHandedOver && alert.isHandedToYou === true
  const send = (action: AlertAction): void =>
    act.mutate(action, {
      onSuccess: () => {
        setPanel(undefined)
        notifyDone(t(`alerts.done.${action.kind}`))
      },
    })
  const isOffered = { decline: isForYou, snooze: true, handOver: !isHandedOver }
  const panels = (['decline', 'snooze', 'handOver'] as const).filter((name) => isOffered[name])
  const take = isForYou ? 'accept' : 'acknowledge'
  const TakeIcon = isForYou ? Check : Eye
  return (
    <div className={styles['actions']}>
      <div className={clsx(layout['row'], styles['buttons'])}>
        {(isHandedOver || alert.state !== 'acknowledged') && (
          <OnlineButton
            size="xs"
            variant={isForYou ? 'filled' : 'default'}
            aria-label={t('alerts.about', { action: t(`alerts.${take}`), about })}
            leftSection={<TakeIcon size={iconSize} aria-hidden />}
            loading={act.isPending && act.variables.kind === take}
            onClick={() => send({ kind: take })}
          >
            {t(`alerts.${take}`)}
          </OnlineButton>
        )}
        {panels.map((name) => {
          const Icon = icons[name]
          return (
            <Button
              key={name}
              size="xs"
              variant="default"
              aria-label={t('alerts.about', { action: t(`alerts.${name}`), about })}
              aria-expanded={panel === name}
              leftSection={<Icon size={iconSize} aria-hidden />}
              onClick={() => setPanel(panel === name ? undefined : name)}
            >
              {t(`alerts.${name}`)}
            </Button>
          )
        })}
      </div>
      {panel === 'snooze' && (
        <SnoozeChoice isBusy={act.isPending} onSnooze={(until) => send({ kind: 'snooze', until })} />
      )}
      {panel === 'handOver' && !isHandedOver && (
        <HandOverForm
          alert={alert.id}
          isBusy={act.isPending}
          onHandOver={(request) => send({ kind: 'handOver', ...request })}
        />
      )}
      {panel === 'decline' && isForYou && (
        <DeclineForm
          isBusy={act.isPending}
          onDecline={(reason) => send({ kind: 'decline', ...(reason !== '' && { reason }) })}
        />
      )}
      <ErrorAlert
        error={act.error}
        conflict={t(
          act.variables?.kind === 'acknowledge' || act.variables?.kind === 'snooze'
            ? 'alerts.hasEnded'
            : 'alerts.actedMeanwhile',
        )}
      />
    </div>
  )
}

interface SnoozeChoiceProps {
  readonly isBusy: boolean
  readonly onSnooze: (until: number | 'nextWorkingMorning') => void
}

/** Chooses the end of the snooze, with one-click buttons for the usual ones. */
function SnoozeChoice({ isBusy, onSnooze }: SnoozeChoiceProps) {
  const { t } = useText()
  const timeZone = useSiteTimeZone()
  const [now] = useState(() => serverTime(Date.now()))
  const [text, setText] = useState('')
  const [isWrong, setWrong] = useState(false)
  const zone = offsetIn(now, timeZone)
  const snoozeTo = (): void => {
    const until = instantIn(text, timeZone)
    if (until === undefined || until <= serverTime(Date.now())) setWrong(true)
    else onSnooze(until)
  }
  return (
    <div className={styles['snooze']} role="group" aria-label={t('alerts.snooze')}>
      <div className={layout['row']}>
        {(['minutes', 'hours'] as const).map((name) => (
          <OnlineButton
            key={name}
            size="xs"
            variant="light"
            disabled={isBusy}
            onClick={() => onSnooze(serverTime(Date.now()) + presets[name])}
          >
            {t(`alerts.until.${name}`)}
          </OnlineButton>
        ))}
        <OnlineButton size="xs" variant="light" disabled={isBusy} onClick={() => onSnooze('nextWorkingMorning')}>
          {t('alerts.until.morning')}
        </OnlineButton>
      </div>
      <form
        className={styles['ownTime']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          snoozeTo()
        }}
      >
        <ClockField
          kind="datetime"
          label={t('alerts.until.own')}
          description={
            zone === offsetIn(now, ownTimeZone()) ? undefined : t('order.until.zone', { zone: offsetName(zone) })
          }
          value={text}
          min={clockTimeIn(now + minuteMs, timeZone)}
          error={isWrong && t('alerts.until.wrong')}
          onChange={(value) => {
            setText(value)
            setWrong(false)
          }}
        />
        <OnlineButton type="submit" size="xs" variant="default" disabled={isBusy}>
          {t('alerts.snooze')}
        </OnlineButton>
      </form>
    </div>
  )
}
