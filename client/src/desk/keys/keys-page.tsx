import { useQuery } from '@tanstack/react-query'
import { useText } from '../../text/use-text.ts'
import { keysQuery } from '../api/keys.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { useMe } from '../shell/me-context.ts'
import { Page } from '../shell/page.tsx'
import { KeyForm } from './key-form.tsx'
import { KeyTable } from './key-table.tsx'

export function KeysPage() {
  const { t } = useText()
  return (
    <Page title={t('desk.nav.keys')} needs="keys.manage">
      <Keys />
    </Page>
  )
}

function Keys() {
  const { t } = useText()
  const { site } = useMe()
  const query = useQuery(keysQuery(site))
  return (
    <div className="columns columns--side">
      <Loaded query={query}>
        {({ keys }) =>
          keys.length === 0 ? (
            <EmptyState title={t('desk.keys.none')}>
              <p>{t('desk.keys.noneText')}</p>
            </EmptyState>
          ) : (
            <KeyTable keys={keys} asOf={query.dataUpdatedAt} />
          )
        }
      </Loaded>
      <KeyForm />
    </div>
  )
}
