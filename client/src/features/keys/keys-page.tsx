import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { keysQuery } from './api.ts'
import { KeyForm } from './key-form.tsx'
import { KeyTable } from './key-table.tsx'

export function KeysPage() {
  const { t } = useText()
  return (
    <Page title={t('nav.keys')} needs="keys.manage">
      <Keys />
    </Page>
  )
}

function Keys() {
  const { t } = useText()
  const { site } = useMe()
  const query = useQuery(keysQuery(site))
  return (
    <div className={clsx(layout['columns'], layout['withSide'])}>
      <QueryBoundary query={query}>
        {({ keys }) =>
          keys.length === 0 ? (
            <EmptyState title={t('keys.none')}>
              <p>{t('keys.noneText')}</p>
            </EmptyState>
          ) : (
            <KeyTable keys={keys} asOf={serverTime(query.dataUpdatedAt)} />
          )
        }
      </QueryBoundary>
      <KeyForm />
    </div>
  )
}
