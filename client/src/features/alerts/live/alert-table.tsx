import type { AlertView } from '@stagewatch/shared/contract/alerts.ts'
import type { AlertRuleView } from '@stagewatch/shared/contract/alert-rules.ts'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { AlertActions } from '../../../components/alerts/alert-actions.tsx'
import { SeverityMark } from '../../../components/alerts/severity-mark.tsx'
import { useAlertText } from '../../../components/alerts/use-alert-text.ts'
import { useMe } from '../../../api/session.ts'
import { DataTable, type Column } from '../../../components/data-table.tsx'
import layout from '../../../components/layout/layout.module.css'
import { instantText } from '../../../format/instant-text.ts'
import { missing } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import { translatedName } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import styles from '../alerts-page.module.css'
import { useRuleText } from '../rules/use-rule-text.ts'
import { useTranslated } from '../../../api/translations.ts'

interface AlertTableProps {
  readonly alerts: readonly AlertView[]
  /** Empty if the user may not read rules. */
  readonly rules: readonly AlertRuleView[]
  /** The server's clock, epoch ms. */
  readonly now: number
  readonly note: string | undefined
  readonly onOpen: (id: number) => void
  /** Shown below the rows. */
  readonly children: ReactNode
}

export function AlertTable({ alerts, rules, now, note, onOpen, children }: AlertTableProps) {
  const { t, language, nameOf } = useText()
  const { actions } = useMe()
  const { stateText, placeText } = useAlertText()
  const translated = useTranslated()
  const nextText = useNextText(rules, now)
  const columns: Column<AlertView>[] = [
    { title: t('alerts.column.severity'), renderCell: ({ rule }) => <SeverityMark severity={rule.severity} /> },
    {
      title: t('alerts.column.rule'),
      renderCell: ({ id, rule }) => (
        <button type="button" className={styles['open']} onClick={() => onOpen(id)}>
          {nameOf(translatedName(rule.name, rule.names))}
        </button>
      ),
    },
    { title: t('alerts.column.about'), renderCell: (alert) => <About alert={alert} /> },
    { title: t('alerts.column.place'), renderCell: (alert) => placeText(alert) ?? missing },
    { title: t('alerts.column.owner'), renderCell: ({ owner }) => (owner === undefined ? missing : translated(owner)) },
    {
      title: t('alerts.column.since'),
      kind: 'time',
      renderCell: ({ beganAt }) => (
        <time dateTime={new Date(beganAt).toISOString()}>{instantText(beganAt, now, language)}</time>
      ),
    },
    {
      title: t('alerts.column.state'),
      renderCell: (alert) => (
        <>
          {alert.state === 'open' ? <strong>{stateText(alert, now)}</strong> : stateText(alert, now)}
          {alert.isSilent && <p className={layout['meta']}>{t('alerts.silent')}</p>}
        </>
      ),
    },
    { title: t('alerts.column.next'), renderCell: (alert) => nextText(alert) },
    ...(actions.includes('orders.act') && alerts.some(({ state }) => state !== 'ended')
      ? [
          {
            title: t('desk.actions'),
            kind: 'actions' as const,
            renderCell: (alert: AlertView) => <AlertActions alert={alert} />,
          },
        ]
      : []),
  ]
  return (
    <DataTable
      title={t('alerts.title')}
      note={note}
      columns={columns}
      rows={alerts}
      rowKey={({ id }) => String(id)}
      isPast={({ state }) => state === 'ended'}
      footer={children}
    />
  )
}

/** A link to the order, or what else the alert is about. */
function About({ alert: { order, customer, source, process } }: { readonly alert: AlertView }) {
  const { processName } = useRuleText()
  const translated = useTranslated()
  if (order === undefined) return <>{source ?? (process === undefined ? missing : processName(process))}</>
  return (
    <>
      <Link to="/orders/$order" params={{ order }} className={styles['number']}>
        {order}
      </Link>
      {customer !== undefined && <p className={layout['meta']}>{translated(customer)}</p>}
    </>
  )
}

/** Who is notified next and when, if nobody acts. */
function useNextText(rules: readonly AlertRuleView[], now: number): (alert: AlertView) => string {
  const { t, language } = useText()
  const { recipientsText } = useRuleText()
  return ({ rule, state, nextAt, stepsDone }) => {
    if (nextAt === undefined || state === 'ended') return missing
    const time = instantText(nextAt, now, language)
    if (state === 'acknowledged') return t('alerts.next.again', { time })
    const step = rules.find(({ id }) => id === rule.id)?.ladder[stepsDone]
    return step === undefined ? time : t('alerts.next.who', { who: recipientsText(step.to), time })
  }
}
