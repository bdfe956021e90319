import type { LoggedEvent, OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import { Button, SegmentedControl } from '@mantine/core'
import { clsx } from 'clsx'
import { useState } from 'react'
import { useTranslated } from '../../api/translations.ts'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { instantText } from '../../format/instant-text.ts'
import { useDurationText } from '../../format/use-duration-text.ts'
import { useText } from '../../locales/use-text.ts'
import { CorrectEvent, mayCorrect } from './correct-event.tsx'
import { useFurtherParts } from './further-parts.ts'
import { entryLagMs, useEventText, useSourceName } from './log-text.ts'
import { partsOf } from './mention.ts'
import styles from './order-log.module.css'
import { useStageNames } from './use-stage-names.ts'

/** Initial number of entries, and the number that each click adds. */
const stepOfEntries = 15

type Authors = 'all' | 'people' | 'systems'

/** The events of the order as recorded in the append-only log, newest first. */
export function OrderLog({ order }: { readonly order: OrderDetail }) {
  const { t, nameOf, language } = useText()
  const me = useMe()
  const [corrected, setCorrected] = useState<LoggedEvent>()
  const [authors, setAuthors] = useState<Authors>('all')
  const [most, setMost] = useState(stepOfEntries)
  const further = useFurtherParts(order, 'events')
  const stageNames = useStageNames()
  for (const { stage, name } of order.visits) stageNames.set(stage, nameOf(name))
  const sourceName = useSourceName([order, ...further.pages])
  const events = [...order.events, ...further.pages.flatMap((page) => page.events)].toReversed()
  const shown = events.filter(({ actor }) => authors === 'all' || (actor !== undefined) === (authors === 'people'))
  return (
    <section className={clsx(card['card'], card['flush'], styles['log'])}>
      <div className={styles['head']}>
        <h2 className={styles['title']}>{t('order.log.title')}</h2>
        <SegmentedControl<Authors>
          size="xs"
          aria-label={t('order.log.authors')}
          value={authors}
          data={(['all', 'people', 'systems'] as const).map((value) => ({ value, label: t(`order.log.${value}`) }))}
          onChange={setAuthors}
        />
        <span className={styles['count']}>{t('order.log.count', { count: shown.length })}</span>
      </div>
      <ErrorAlert error={further.error} />
      {further.loadMore && (
        <p className={styles['more']}>
          {t('order.log.later')}{' '}
          <Button variant="default" size="compact-sm" loading={further.isLoading} onClick={further.loadMore}>
            {t('order.log.more')}
          </Button>
        </p>
      )}
      {order.archived !== undefined && (
        <p className={styles['more']}>
          {t('order.log.archived', {
            time: instantText(order.archived.at, order.asOf, language),
            archive: order.archived.archive,
          })}
        </p>
      )}
      {shown.length === 0 && order.archived === undefined && <p className={styles['more']}>{t('desk.empty')}</p>}
      <ol className={styles['entries']}>
        {shown.slice(0, most).map((event) => (
          <Entry
            key={`${event.source} ${event.id}`}
            event={event}
            now={order.asOf}
            stageNames={stageNames}
            sourceName={sourceName(event.source)}
            onCorrect={mayCorrect(event, me) ? () => setCorrected(event) : undefined}
          />
        ))}
      </ol>
      {corrected !== undefined && (
        <CorrectEvent order={order} event={corrected} onClose={() => setCorrected(undefined)} />
      )}
      {shown.length > most && (
        <Button
          variant="default"
          size="compact-sm"
          className={styles['older']}
          onClick={() => setMost(most + stepOfEntries)}
        >
          {t('order.log.more')}
        </Button>
      )}
    </section>
  )
}

interface EntryProps {
  readonly event: LoggedEvent
  readonly now: number
  readonly stageNames: ReadonlyMap<string, string>
  readonly sourceName: string
  /** Undefined: the user may not correct the event. */
  readonly onCorrect: (() => void) | undefined
}

function Entry({ event, now, stageNames, sourceName, onCorrect }: EntryProps) {
  const { t, language } = useText()
  const duration = useDurationText()
  const eventText = useEventText(stageNames)
  const translated = useTranslated()
  const { actor, occurredAt, recordedAt, voided } = event
  const { what, facts, comment } = eventText(event, now)
  const lagMs = entryLagMs(event)
  return (
    <li className={styles['entry']}>
      <span className={clsx(styles['dot'], actor === undefined && styles['system'])} aria-hidden />
      <div className={styles['body']}>
        <p className={styles['line']}>
          <span>
            <strong>{actor === undefined ? sourceName : translated(actor)}</strong>
            {actor !== undefined && (
              <span className={styles['source']}> {t('order.log.source', { source: sourceName })}</span>
            )}
          </span>
          <time dateTime={new Date(occurredAt).toISOString()}>{instantText(occurredAt, now, language)}</time>
        </p>
        <p>
          {voided ? <del className={styles['voided']}>{what}</del> : what}
          {lagMs !== undefined && (
            <span className={styles['lag']} title={instantText(recordedAt, now, language)}>
              {t('order.log.lag', { time: duration(lagMs) })}
            </span>
          )}
          {voided && <span className={styles['lag']}>{t('order.log.voided')}</span>}
          {onCorrect !== undefined && (
            <button
              type="button"
              className={styles['correct']}
              aria-label={`${t('order.correct.button')}: ${what}`}
              onClick={onCorrect}
              data-print="none"
            >
              {t('order.correct.button')}
            </button>
          )}
        </p>
        {comment !== undefined && (
          <p className={clsx(styles['detail'], voided && styles['voided'])}>
            <Comment text={comment} names={event.data.mentions} />
          </p>
        )}
        {facts !== '' && <p className={clsx(styles['detail'], voided && styles['voided'])}>{facts}</p>}
      </div>
    </li>
  )
}

interface CommentProps {
  readonly text: string
  readonly names: readonly string[] | undefined
}

/** A comment with highlighted mentions. */
function Comment({ text, names }: CommentProps) {
  let at = 0
  return partsOf(text, names ?? []).map((part) => {
    const key = at
    at += part.text.length
    return part.isName ? (
      <strong key={key} className={styles['mention']}>
        {part.text}
      </strong>
    ) : (
      part.text
    )
  })
}
