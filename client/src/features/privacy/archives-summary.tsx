import { useQuery } from '@tanstack/react-query'
import type { Archive, ArchivesAnswer, ArchiveRun } from '@stagewatch/shared/contract/retention.ts'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { ErrorAlert } from '../../components/error-alert.tsx'
import layout from '../../components/layout/layout.module.css'
import { OnlineButton } from '../../components/online-button.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { WorkProgress } from '../../components/work-progress.tsx'
import { bytesText } from '../../format/unit-text.ts'
import { instantText } from '../../format/instant-text.ts'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { archivesQuery, useCancelArchiving, useStartArchiving } from './retention-api.ts'

interface ArchivesSummaryProps {
  /** Whether the site archives at all. */
  readonly isOn: boolean
}

export function ArchivesSummary({ isOn }: ArchivesSummaryProps) {
  const query = useQuery(archivesQuery(useMe().site))
  return (
    <QueryBoundary query={query}>
      {(answer) =>
        isOn || answer.totals.archives > 0 ? (
          <Summary answer={answer} isOn={isOn} now={serverTime(query.dataUpdatedAt)} />
        ) : null
      }
    </QueryBoundary>
  )
}

interface SummaryProps extends ArchivesSummaryProps {
  readonly answer: ArchivesAnswer
  /** Epoch ms. */
  readonly now: number
}

function Summary({ answer: { archives, totals, run }, isOn, now }: SummaryProps) {
  const { t, language } = useText()
  const start = useStartArchiving()
  const cancel = useCancelArchiving()
  const count = (value: number) => formatCount(value, language)
  return (
    <div className={layout['stack']}>
      <p>
        {t('retention.total', {
          orders: count(totals.orders - totals.restoredOrders),
          size: bytesText(totals.bytes, language),
        })}
      </p>
      {run !== undefined && run.state !== 'running' && <LastRun run={run} now={now} />}
      {run?.state === 'running' ? (
        <WorkProgress
          label={t('retention.running', { orders: count(run.orders), events: count(run.events) })}
          progress={undefined}
        >
          <OnlineButton variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {t('desk.cancel')}
          </OnlineButton>
        </WorkProgress>
      ) : (
        isOn && (
          <div className={layout['row']}>
            <OnlineButton variant="default" loading={start.isPending} onClick={() => start.mutate()}>
              {t('retention.runNow')}
            </OnlineButton>
          </div>
        )
      )}
      <ErrorAlert error={start.error ?? cancel.error} />
      {archives.length > 0 && (
        <>
          <h3>{t('retention.newest')}</h3>
          <ul>
            {archives.map((archive) => (
              <ArchiveLine key={archive.name} archive={archive} />
            ))}
          </ul>
          <p className={layout['meta']}>{t('retention.restore')}</p>
        </>
      )}
    </div>
  )
}

function LastRun({ run, now }: { readonly run: ArchiveRun; readonly now: number }) {
  const { t, language } = useText()
  const time = instantText(run.endedAt ?? run.begunAt, now, language)
  return (
    <p>
      {t(`retention.run.${run.state}`, { time, orders: formatCount(run.orders, language) })}
      {run.failure !== undefined && ` ${t(`retention.failure.${run.failure}`)}`}
    </p>
  )
}

function ArchiveLine({ archive: { name, orders, events, restoredOrders, bytes } }: { readonly archive: Archive }) {
  const { t, language } = useText()
  const count = (value: number) => formatCount(value, language)
  return (
    <li className={layout['break']}>
      <code>{name}</code>{' '}
      {t('retention.archiveLine', { orders: count(orders), events: count(events), size: bytesText(bytes, language) })}
      {restoredOrders > 0 && ` ${t('retention.restored', { orders: count(restoredOrders) })}`}
    </li>
  )
}
