import { useQuery } from '@tanstack/react-query'
import { useMe } from '../../api/session.ts'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { statusQuery } from './api.ts'
import { Checks } from './checks.tsx'
import { DeadJobs } from './dead-jobs.tsx'
import { Facts } from './facts.tsx'
import { InstanceTable } from './instance-table.tsx'
import { WhatsNew } from './whats-new.tsx'
import { QueueTable, TaskTable } from './work-tables.tsx'

/** The state of the site and of the server that answers, with what to do about problems. */
export function StatusPage() {
  const { t } = useText()
  return (
    <Page title={t('nav.status')} needs="site.manage">
      <Status />
    </Page>
  )
}

function Status() {
  const query = useQuery(statusQuery(useMe().site))
  return (
    <div className={layout['stack']}>
      <QueryBoundary query={query}>
        {(status) => (
          <>
            <Checks status={status} />
            <Facts status={status} />
            <InstanceTable status={status} />
            <QueueTable queues={status.queues} />
            {status.queues.some(({ dead }) => dead > 0) && <DeadJobs />}
            <TaskTable tasks={status.tasks} asOf={status.asOf} />
          </>
        )}
      </QueryBoundary>
      <WhatsNew />
    </div>
  )
}
