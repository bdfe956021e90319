import { Button } from '@mantine/core'
import type { AlertDetail } from '@stagewatch/shared/contract/alerts.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { alertQuery } from '../../../api/alerts.ts'
import { serverTime } from '../../../api/server-time.ts'
import { isApiError } from '../../../api/request.ts'
import { useMe } from '../../../api/session.ts'
import { AlertActions } from '../../../components/alerts/alert-actions.tsx'
import { SeverityMark } from '../../../components/alerts/severity-mark.tsx'
import { useAlertText } from '../../../components/alerts/use-alert-text.ts'
import { Dialog } from '../../../components/dialog.tsx'
import layout from '../../../components/layout/layout.module.css'
import { QueryBoundary } from '../../../components/query-boundary.tsx'
import { instantText } from '../../../format/instant-text.ts'
import { useText } from '../../../locales/use-text.ts'
import { translatedName } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import styles from '../alerts-page.module.css'
import { TranslationsContext, useTranslated } from '../../../api/translations.ts'

const NewTask = lazy(() =>
  import('../../../components/tasks/new-task.tsx').then((module) => ({ default: module.NewTask })),
)

interface AlertDialogProps {
  readonly id: number
  readonly onClose: () => void
}

/** One alert: who was notified, what was done, and the available actions. */
export function AlertDialog({ id, onClose }: AlertDialogProps) {
  const { t, nameOf } = useText()
  const { site } = useMe()
  const query = useQuery(alertQuery(site, id))
  const [isTask, setTask] = useState(false)
  const { rule, order } = query.data ?? {}
  const name = rule && nameOf(translatedName(rule.name, rule.names))
  if (isTask) {
    return (
      <Suspense>
        <NewTask alert={{ id, title: name ?? '', order }} onClose={() => setTask(false)} />
      </Suspense>
    )
  }
  return (
    <Dialog title={name ?? t('alerts.one')} className={styles['dialog']} closesBeside onClose={onClose}>
      {isApiError(query.error, 'not_found') ? (
        <p>{t('alerts.notFound')}</p>
      ) : (
        <QueryBoundary query={query} isInCard>
          {(alert) => (
            <TranslationsContext value={alert.translations}>
              <AlertStory alert={alert} now={serverTime(query.dataUpdatedAt)} onTask={() => setTask(true)} />
            </TranslationsContext>
          )}
        </QueryBoundary>
      )}
    </Dialog>
  )
}

interface AlertStoryProps {
  readonly alert: AlertDetail
  /** Epoch ms. */
  readonly now: number
  readonly onTask: () => void
}

function AlertStory({ alert, now, onTask }: AlertStoryProps) {
  const { t, language } = useText()
  const { actions } = useMe()
  const { stateText, placeText } = useAlertText()
  const entryText = useEntryText(now)
  const translated = useTranslated()
  const facts = [alert.customer, placeText(alert), alert.owner].filter((part) => part !== undefined).map(translated)
  return (
    <div className={layout['stack']}>
      <div>
        <p className={layout['row']}>
          <SeverityMark severity={alert.rule.severity} />
          {alert.order !== undefined && (
            <Link to="/orders/$order" params={{ order: alert.order }}>
              {alert.order}
            </Link>
          )}
          <strong>{stateText(alert, now)}</strong>
        </p>
        {facts.length > 0 && <p className={layout['meta']}>{facts.join(' · ')}</p>}
      </div>
      <AlertActions alert={alert} />
      {alert.endedAt === undefined && actions.includes('orders.act') && (
        <div>
          <Button variant="default" size="sm" onClick={onTask}>
            {t('tasks.new')}
          </Button>
        </div>
      )}
      <ol className={styles['log']} aria-label={t('alerts.log.title')}>
        {alert.log.map((entry, at) => (
          // Entries are only ever appended.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={at}>
            <time dateTime={new Date(entry.at).toISOString()}>{instantText(entry.at, now, language)}</time>
            <span className={layout['break']}>{entryText(entry)}</span>
          </li>
        ))}
      </ol>
    </div>
  )
}

function useEntryText(now: number): (entry: AlertDetail['log'][number]) => string {
  const { t, language } = useText()
  const translated = useTranslated()
  return ({ kind, by: author, recipients: others, until, text }) => {
    const by = author && translated(author)
    const recipients = others?.map(translated)
    const time = until === undefined ? '' : instantText(until, now, language)
    switch (kind) {
      case 'began':
      case 'ended':
      case 'reminded':
        return t(`alerts.log.${kind}`)
      case 'notified': {
        const named = recipients?.filter((name) => name !== '') ?? []
        if (named.length > 0) return t('alerts.log.notified', { names: named.join(t('listComma')) })
        // Either the names are hidden from this user, or nobody could be notified.
        return t(recipients?.length === 0 ? 'alerts.log.nobody' : 'alerts.log.notifiedSomebody')
      }
      case 'acknowledged':
        return by === undefined ? t('alerts.log.acknowledged') : t('alerts.log.acknowledgedBy', { name: by })
      case 'snoozed':
        return by === undefined ? t('alerts.log.snoozed', { time }) : t('alerts.log.snoozedBy', { name: by, time })
      case 'handedOver': {
        const [to = ''] = recipients ?? []
        if (by === undefined || to === '') return t('alerts.log.handedOver', { time })
        return t('alerts.log.handedOverBy', { name: by, to, time })
      }
      case 'accepted':
        return by === undefined ? t('alerts.log.accepted') : t('alerts.log.acceptedBy', { name: by })
      case 'declined': {
        const declined = by === undefined ? t('alerts.log.declined') : t('alerts.log.declinedBy', { name: by })
        return text === undefined ? declined : t('alerts.log.declinedWhy', { declined, text })
      }
      case 'notAccepted': {
        const [name = ''] = recipients ?? []
        return name === '' ? t('alerts.log.notAccepted') : t('alerts.log.notAcceptedBy', { name })
      }
    }
  }
}
