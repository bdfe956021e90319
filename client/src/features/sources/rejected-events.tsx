import { Button } from '@mantine/core'
import type { QuarantineCauses } from '@stagewatch/shared/contract/quarantine.ts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { useState } from 'react'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { ConfirmButton } from '../../components/confirm-button.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import layout from '../../components/layout/layout.module.css'
import { notifyDone } from '../../components/notify.ts'
import { OnlineButton } from '../../components/online-button.tsx'
import { instantText } from '../../format/instant-text.ts'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { rejectedQuery, useDismiss, useRetry } from './api.ts'
import styles from './sources.module.css'

type CauseGroup = QuarantineCauses['causes'][number]

interface RejectedEventsProps {
  readonly found: QuarantineCauses
  /** Epoch ms. */
  readonly asOf: number
}

/** Rejected events, grouped by cause. */
export function RejectedEvents({ found: { total, causes }, asOf }: RejectedEventsProps) {
  const { t, language } = useText()
  return (
    <section className={clsx(card['card'], card['flush'])}>
      <h2 className={card['title']}>
        {t('sources.rejectedTitle')} <span className={card['titleNote']}>{formatCount(total, language)}</span>
      </h2>
      <p className={layout['meta']}>{causes.length === 0 ? t('sources.noneRejected') : t('sources.rejectedText')}</p>
      <ul className={styles['causes']}>
        {causes.map((cause) => (
          <CauseItem key={`${cause.code} ${cause.field ?? ''}`} cause={cause} asOf={asOf} />
        ))}
      </ul>
    </section>
  )
}

function CauseItem({ cause, asOf }: { readonly cause: CauseGroup; readonly asOf: number }) {
  const { t, language } = useText()
  const [isOpen, setIsOpen] = useState(false)
  const retry = useRetry()
  const dismiss = useDismiss()
  const { code, field = '', count, lastId, message, senders, firstReceivedAt, lastReceivedAt } = cause
  const shown = formatCount(count, language)
  const title = t(`problem.${code}`)
  // Excludes events that arrive later, because nobody has seen them yet.
  const choice = { all: true, code, field, upTo: lastId } as const
  return (
    <li className={styles['cause']}>
      <div className={styles['causeHead']}>
        <strong className={styles['causeCount']}>{shown}</strong>
        <div className={styles['causeText']}>
          <strong>{title}</strong>
          <div className={clsx(layout['meta'], layout['break'])}>
            {field !== '' && <code>{field}</code>} {message}
          </div>
          <div className={clsx(layout['meta'], layout['break'])}>
            {t('sources.causeFrom', {
              senders: senders.join(t('listComma')),
              first: instantText(firstReceivedAt, asOf, language),
              last: instantText(lastReceivedAt, asOf, language),
            })}
          </div>
        </div>
        <div className={layout['row']}>
          <Button
            variant="default"
            aria-expanded={isOpen}
            aria-label={`${t(isOpen ? 'sources.hide' : 'sources.show')}: ${title} ${field}`}
            onClick={() => setIsOpen(!isOpen)}
          >
            {t(isOpen ? 'sources.hide' : 'sources.show')}
          </Button>
          <OnlineButton
            variant="default"
            loading={retry.isPending}
            aria-label={`${t('sources.retry')}: ${title} ${field}`}
            onClick={() =>
              retry.mutate(choice, {
                onSuccess: ({ accepted, duplicate, rejected, unreadable }) =>
                  notifyDone(
                    t('sources.retried', {
                      accepted: formatCount(accepted + duplicate, language),
                      rejected: formatCount(rejected + unreadable, language),
                    }),
                  ),
              })
            }
          >
            {t('sources.retry')}
          </OnlineButton>
          <ConfirmButton
            label={t('sources.dismiss')}
            about={`${title} ${field}`}
            question={t('sources.dismissQuestion', { count, shown })}
            busy={dismiss.isPending}
            onConfirm={() => dismiss.mutate(choice, { onSuccess: () => notifyDone(t('sources.dismissed')) })}
          />
        </div>
      </div>
      <ErrorAlert error={retry.error ?? dismiss.error} />
      {isOpen && <Events cause={{ code, field }} />}
    </li>
  )
}

function Events({ cause }: { readonly cause: Parameters<typeof rejectedQuery>[1] }) {
  const { t, language } = useText()
  const { site } = useMe()
  const query = useInfiniteQuery(rejectedQuery(site, cause))
  const asOf = serverTime(query.dataUpdatedAt)
  return (
    <div className={styles['events']}>
      <ErrorAlert error={query.error} />
      {query.isPending && <p role="status">{t('desk.loading')}</p>}
      <ol>
        {query.data?.pages
          .flatMap(({ events }) => events)
          .map(({ id, receivedAt, sender, message, raw }) => (
            <li key={id} className={styles['event']}>
              <div className={layout['meta']}>
                {instantText(receivedAt, asOf, language)} · {sender} · {message}
              </div>
              <textarea
                className={styles['raw']}
                readOnly
                rows={3}
                value={raw}
                aria-label={t('sources.raw', { time: instantText(receivedAt, asOf, language) })}
              />
            </li>
          ))}
      </ol>
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('changes.loadMore')}
        </Button>
      )}
    </div>
  )
}
