import { Button, TextInput } from '@mantine/core'
import type { AlertView } from '@stagewatch/shared/contract/alerts.ts'
import { AlarmClock, Eye } from 'lucide-react'
import { useState } from 'react'
import { useActOnAlert, type AlertAction } from '../../api/alerts.ts'
import { serverTime } from '../../api/server-time.ts'
import { useMe, useSiteTimeZone } from '../../api/session.ts'
import { clockTimeIn, instantIn } from '../../format/site-clock.ts'
import { offsetIn, offsetName, ownTimeZone } from '../../format/time-zone.ts'
import { useText } from '../../locales/use-text.ts'
import { ErrorAlert } from '../error-alert.tsx'
import layout from '../layout/layout.module.css'
import { notifyDone } from '../notify.ts'
import { OnlineButton } from '../online-button.tsx'
import styles from './alerts.module.css'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const iconSize = 16
const presets = { minutes: 30 * minuteMs, hours: 2 * hourMs } as const

/** The user's actions on an alert; nothing for read-only roles or after the alert has ended. */
export function AlertActions({ alert }: { readonly alert: AlertView }) {
  const { t } = useText()
  const { actions } = useMe()
  const act = useActOnAlert(alert.id)
  const [isSnoozing, setSnoozing] = useState(false)
  if (!actions.includes('orders.act') || alert.state === 'ended') return null
  const about = alert.order ?? alert.rule.name
  const send = (action: AlertAction): void =>
    act.mutate(action, {
      onSuccess: () => {
        setSnoozing(false)
        notifyDone(t(`alerts.done.${action.kind}`))
      },
    })
  return (
    <div className={styles['actions']}>
      <div className={layout['row']}>
        {alert.state !== 'acknowledged' && (
          <OnlineButton
            size="xs"
            variant="default"
            aria-label={t('alerts.about', { action: t('alerts.acknowledge'), about })}
            leftSection={<Eye size={iconSize} aria-hidden />}
            loading={act.isPending && act.variables.kind === 'acknowledge'}
            onClick={() => send({ kind: 'acknowledge' })}
          >
            {t('alerts.acknowledge')}
          </OnlineButton>
        )}
        <Button
          size="xs"
          variant="default"
          aria-label={t('alerts.about', { action: t('alerts.snooze'), about })}
          aria-expanded={isSnoozing}
          leftSection={<AlarmClock size={iconSize} aria-hidden />}
          onClick={() => setSnoozing(!isSnoozing)}
        >
          {t('alerts.snooze')}
        </Button>
      </div>
      {isSnoozing && <SnoozeChoice isBusy={act.isPending} onSnooze={(until) => send({ kind: 'snooze', until })} />}
      <ErrorAlert error={act.error} conflict={t('alerts.hasEnded')} />
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
        <TextInput
          type="datetime-local"
          label={t('alerts.until.own')}
          description={
            zone === offsetIn(now, ownTimeZone()) ? undefined : t('order.until.zone', { zone: offsetName(zone) })
          }
          value={text}
          min={clockTimeIn(now + minuteMs, timeZone)}
          error={isWrong && t('alerts.until.wrong')}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value)
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
