import type { DeadJob } from '@stagewatch/shared/contract/dead-jobs.ts'
import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { useMe } from '../../api/session.ts'
import { ConfirmButton } from '../../components/confirm-button.tsx'
import { DataTable } from '../../components/data-table.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import layout from '../../components/layout/layout.module.css'
import { notifyDone } from '../../components/notify.ts'
import { OnlineButton } from '../../components/online-button.tsx'
import { useAgo } from '../../format/instant-text.ts'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { deadJobsQuery, useSettleJobs } from './api.ts'
import styles from './status.module.css'
import { useQueueName } from './use-queue-name.ts'

/** The jobs of the site that were given up, with what can be done about them. */
export function DeadJobs() {
  const { t, language } = useText()
  const nameOf = useQueueName()
  const ago = useAgo()
  const { data, error } = useQuery(deadJobsQuery(useMe().site))
  const settle = useSettleJobs()
  if (data === undefined || data.jobs.length === 0) return <ErrorAlert error={error} />
  const { jobs, total, asOf } = data
  const all = jobs.map(({ id }) => id)
  const retry = (ids: readonly number[]) =>
    settle.mutate({ action: 'retry', ids }, { onSuccess: () => notifyDone(t('status.retried')) })
  const dismiss = (ids: readonly number[]) =>
    settle.mutate({ action: 'dismiss', ids }, { onSuccess: () => notifyDone(t('status.dismissed')) })
  const errorOf = ({ error: reason }: DeadJob) =>
    reason === undefined ? t('status.deadInternal') : <span lang="en">{reason}</span>
  const aboutOf = (job: DeadJob) => `${nameOf(job.queue)}, ${ago(job.diedAt, asOf)}`
  return (
    <DataTable
      title={t('status.deadTitle')}
      note={formatCount(total, language)}
      rows={jobs}
      rowKey={({ id }) => String(id)}
      columns={[
        { title: t('status.queue'), kind: 'name', renderCell: ({ queue }) => <strong>{nameOf(queue)}</strong> },
        { title: t('status.deadAt'), kind: 'time', renderCell: ({ diedAt }) => ago(diedAt, asOf) },
        { title: t('status.deadReason'), renderCell: errorOf },
        { title: t('status.attempts'), renderCell: ({ attempts }) => formatCount(attempts, language) },
        {
          title: t('status.deadActions'),
          kind: 'actions',
          renderCell: (job) => (
            <div className={layout['row']}>
              <OnlineButton
                variant="default"
                aria-label={`${t('status.retry')}: ${aboutOf(job)}`}
                loading={settle.isPending}
                onClick={() => retry([job.id])}
              >
                {t('status.retry')}
              </OnlineButton>
              <ConfirmButton
                label={t('status.dismiss')}
                about={aboutOf(job)}
                question={t('status.dismissQuestion', { count: 1, shown: formatCount(1, language) })}
                busy={settle.isPending}
                onConfirm={() => dismiss([job.id])}
              />
            </div>
          ),
        },
      ]}
    >
      <p className={layout['meta']}>{t('status.deadText')}</p>
      {all.length > 1 && (
        <div className={clsx(layout['row'], styles['allJobs'])}>
          <OnlineButton variant="default" loading={settle.isPending} onClick={() => retry(all)}>
            {t('status.retryAll', { shown: formatCount(all.length, language) })}
          </OnlineButton>
          <ConfirmButton
            label={t('status.dismissAll', { shown: formatCount(all.length, language) })}
            about={t('status.deadTitle')}
            question={t('status.dismissQuestion', { count: all.length, shown: formatCount(all.length, language) })}
            busy={settle.isPending}
            onConfirm={() => dismiss(all)}
          />
        </div>
      )}
      <ErrorAlert error={settle.error} />
    </DataTable>
  )
}
