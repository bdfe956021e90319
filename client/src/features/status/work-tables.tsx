import type { ServerStatus } from '@stagewatch/shared/contract/server-status.ts'
import { clsx } from 'clsx'
import card from '../../components/card.module.css'
import { DataTable } from '../../components/data-table.tsx'
import layout from '../../components/layout/layout.module.css'
import { useAgo } from '../../format/instant-text.ts'
import { formatCount, missing } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import styles from './status.module.css'
import { useQueueName } from './use-queue-name.ts'
import { useShortDuration } from './use-short-duration.ts'

/** The queues of the site that have jobs. */
export function QueueTable({ queues }: { readonly queues: ServerStatus['queues'] }) {
  const { t, language } = useText()
  const duration = useShortDuration()
  const nameOf = useQueueName()
  if (queues.length === 0) {
    return (
      <section className={card['card']}>
        <h2 className={card['title']}>{t('status.queues')}</h2>
        <p className={layout['meta']}>{t('status.noJobs')}</p>
      </section>
    )
  }
  return (
    <DataTable
      title={t('status.queues')}
      rows={queues}
      rowKey={({ queue }) => queue}
      columns={[
        { title: t('status.queue'), kind: 'name', renderCell: ({ queue }) => <strong>{nameOf(queue)}</strong> },
        { title: t('status.queueWaiting'), renderCell: ({ waiting }) => formatCount(waiting, language) },
        {
          title: t('status.oldest'),
          renderCell: ({ overdueMs }) => (overdueMs === undefined ? missing : duration(overdueMs)),
        },
        {
          title: t('status.dead'),
          renderCell: ({ dead }) => (
            <span className={clsx(dead > 0 && styles['bad'])}>{formatCount(dead, language)}</span>
          ),
        },
      ]}
    />
  )
}

interface TaskTableProps {
  readonly tasks: ServerStatus['tasks']
  /** Epoch ms. */
  readonly asOf: number
}

/** The background tasks by the names that they have in the log and in the metrics. */
export function TaskTable({ tasks, asOf }: TaskTableProps) {
  const { t, language } = useText()
  const ago = useAgo()
  const duration = useShortDuration()
  return (
    <DataTable
      title={t('status.tasks')}
      rows={tasks}
      rowKey={({ name }) => name}
      columns={[
        {
          title: t('status.task'),
          kind: 'name',
          renderCell: ({ name, isFailing }) => (
            <>
              {name}
              {isFailing && <div className={styles['bad']}>{t('status.lastFailed')}</div>}
            </>
          ),
        },
        {
          title: t('status.lastRun'),
          renderCell: ({ lastRunAt }) => (lastRunAt === undefined ? t('status.notYet') : ago(lastRunAt, asOf)),
        },
        {
          title: t('status.duration'),
          renderCell: ({ lastDurationMs }) => (lastDurationMs === undefined ? missing : duration(lastDurationMs)),
        },
        {
          title: t('status.failures'),
          renderCell: ({ failureCount }) => (
            <span className={clsx(failureCount > 0 && styles['bad'])}>{formatCount(failureCount, language)}</span>
          ),
        },
      ]}
    />
  )
}
