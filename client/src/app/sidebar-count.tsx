import { useQuery } from '@tanstack/react-query'
import { approvalsQuery } from '../api/approvals.ts'
import { useMe } from '../api/session.ts'
import { taskBoardQuery } from '../api/tasks.ts'
import { formatCount } from '../format/quantity.ts'
import { useText } from '../locales/use-text.ts'
import styles from './sidebar.module.css'

const refetchEveryMs = 30_000
/** Larger counts are shown as "99+". */
const maxCount = 99

/** What waits for the signed-in person on a page of the sidebar; renders nothing if there is none. */
export function SidebarCount({ path }: { readonly path: '/tasks' | '/approvals' }) {
  return path === '/tasks' ? <TaskCount /> : <ApprovalCount />
}

function TaskCount() {
  const { t } = useText()
  const { site, kind } = useMe()
  const options = { ...taskBoardQuery(site, 'segment=mine'), refetchInterval: refetchEveryMs, retry: false }
  const { data } = useQuery({ ...options, enabled: kind === 'person' })
  const count = data?.mineCount ?? 0
  return <Count count={count} label={t('tasks.mineCount', { count })} />
}

function ApprovalCount() {
  const { t, language } = useText()
  const { site, kind } = useMe()
  const { data } = useQuery({ ...approvalsQuery(site, 'waiting'), enabled: kind === 'person' })
  const count = data?.waitingCount ?? 0
  return <Count count={count} label={t('approvals.waitingCount', { value: formatCount(count, language) })} />
}

function Count({ count, label }: { readonly count: number; readonly label: string }) {
  const { language } = useText()
  if (count === 0) return null
  return (
    <span className={styles['count']}>
      <span className="hidden-text" data-may-truncate>
        {label}
      </span>
      <span aria-hidden>{count > maxCount ? `${formatCount(maxCount, language)}+` : formatCount(count, language)}</span>
    </span>
  )
}
