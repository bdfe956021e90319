import { useQuery } from '@tanstack/react-query'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { ConnectSteps } from '../../components/connect-steps.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { causesQuery, sourcesQuery } from './api.ts'
import { RejectedEvents } from './rejected-events.tsx'
import { SourceTable } from './source-table.tsx'

/** The sources of events, and the events that were rejected. */
export function SourcesPage() {
  const { t } = useText()
  return (
    <Page title={t('nav.sources')} needs="site.manage">
      <Sources />
    </Page>
  )
}

function Sources() {
  const { t } = useText()
  const { site } = useMe()
  const sources = useQuery(sourcesQuery(site))
  const causes = useQuery(causesQuery(site))
  return (
    <div className={layout['stack']}>
      <QueryBoundary query={sources}>
        {(list) =>
          list.sources.length === 0 ? (
            <EmptyState title={t('sources.none')}>
              <p>{t('sources.noneText')}</p>
              <ConnectSteps />
            </EmptyState>
          ) : (
            <SourceTable list={list} />
          )
        }
      </QueryBoundary>
      <QueryBoundary query={causes}>
        {(found) => <RejectedEvents found={found} asOf={serverTime(causes.dataUpdatedAt)} />}
      </QueryBoundary>
    </div>
  )
}
