import { NativeSelect, TextInput } from '@mantine/core'
import { defaultAcceptWithinMs } from '@stagewatch/shared/contract/alerts.ts'
import type { AlertHandOverRequest } from '@stagewatch/shared/contract/alerts.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { alertTargetsQuery } from '../../api/alerts.ts'
import { useMe } from '../../api/session.ts'
import { useText } from '../../locales/use-text.ts'
import { ErrorAlert } from '../error-alert.tsx'
import { OnlineButton } from '../online-button.tsx'
import styles from './alerts.module.css'
import { useTranslated } from '../../api/translations.ts'

const minuteMs = 60_000
/** Offered times for the answer, minutes. */
const minutesOffered = [15, 30] as const
const hoursOffered = [1, 2, 4] as const

interface HandOverFormProps {
  /** Id of the alert. */
  readonly alert: number
  readonly isBusy: boolean
  readonly onHandOver: (request: AlertHandOverRequest) => void
}

/** Chooses the colleague, and how long they have to answer. */
export function HandOverForm({ alert, isBusy, onHandOver }: HandOverFormProps) {
  const { t } = useText()
  const { site } = useMe()
  const query = useQuery(alertTargetsQuery(site, alert))
  const [to, setTo] = useState('')
  const [acceptWithinMs, setAcceptWithinMs] = useState(defaultAcceptWithinMs)
  const [isWrong, setWrong] = useState(false)
  const people = query.data?.people
  const translated = useTranslated(query.data?.translations)
  if (query.error !== null) return <ErrorAlert error={query.error} />
  if (people?.length === 0) return <p>{t('alerts.handOverTo.nobody')}</p>
  const times = [
    ...minutesOffered.map((count) => ({ value: count * minuteMs, label: t('alerts.span.m', { count }) })),
    ...hoursOffered.map((count) => ({ value: count * 60 * minuteMs, label: t('alerts.span.h', { count }) })),
  ]
  return (
    <AnswerForm
      label={t('alerts.handOver')}
      isBusy={isBusy}
      onSubmit={() => {
        if (to === '') setWrong(true)
        else onHandOver({ to, acceptWithinMs })
      }}
    >
      <NativeSelect
        label={t('alerts.handOverTo.label')}
        value={to}
        error={isWrong && to === '' && t('alerts.handOverTo.missing')}
        onChange={({ currentTarget }) => setTo(currentTarget.value)}
      >
        <option value="">{t('alerts.handOverTo.choose')}</option>
        {people?.map(({ id, name, isPresent }) => (
          <option key={id} value={id}>
            {isPresent ? translated(name) : t('alerts.handOverTo.away', { name: translated(name) })}
          </option>
        ))}
      </NativeSelect>
      <NativeSelect
        label={t('alerts.handOverTo.within')}
        value={String(acceptWithinMs)}
        data={times.map(({ value, label }) => ({ value: String(value), label }))}
        onChange={({ currentTarget }) => setAcceptWithinMs(Number(currentTarget.value))}
      />
    </AnswerForm>
  )
}

interface DeclineFormProps {
  readonly isBusy: boolean
  /** @param reason empty if none was entered. */
  readonly onDecline: (reason: string) => void
}

export function DeclineForm({ isBusy, onDecline }: DeclineFormProps) {
  const { t } = useText()
  const [reason, setReason] = useState('')
  return (
    <AnswerForm label={t('alerts.decline')} isBusy={isBusy} onSubmit={() => onDecline(reason.trim())}>
      <TextInput
        label={t('alerts.declineReason')}
        value={reason}
        maxLength={500}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
    </AnswerForm>
  )
}

interface AnswerFormProps {
  /** Name of the form and text of its button. */
  readonly label: string
  readonly isBusy: boolean
  readonly onSubmit: () => void
  readonly children: ReactNode
}

function AnswerForm({ label, isBusy, onSubmit, children }: AnswerFormProps) {
  return (
    <form
      className={styles['snooze']}
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {children}
      <div>
        <OnlineButton type="submit" size="xs" variant="default" loading={isBusy}>
          {label}
        </OnlineButton>
      </div>
    </form>
  )
}
