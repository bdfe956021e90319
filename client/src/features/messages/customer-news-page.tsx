import { useQuery } from '@tanstack/react-query'
import { processesQuery } from '../../api/site-queries.ts'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { customerNewsQuery } from './api.ts'
import { MessageTabs } from './message-tabs.tsx'
import { NewsForm } from './news-form.tsx'
import { NewsReport } from './news-report.tsx'

/** Which news of their orders customers receive, and what became of the last ones. */
export function CustomerNewsPage() {
  const { t } = useText()
  return (
    <Page title={t('nav.messages')} needs="rules.change">
      <MessageTabs />
      <CustomerNews />
    </Page>
  )
}

function CustomerNews() {
  const { site } = useMe()
  const query = useQuery(customerNewsQuery(site))
  const processes = useQuery(processesQuery(site))
  const asOf = serverTime(query.dataUpdatedAt)
  return (
    <QueryBoundary query={query}>
      {(view) => (
        <div className={layout['columns']}>
          <NewsForm view={view} processes={processes.data?.processes ?? []} asOf={asOf} />
          <NewsReport view={view} asOf={asOf} />
        </div>
      )}
    </QueryBoundary>
  )
}
