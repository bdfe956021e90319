import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { changesQuery } from '../api/changes.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { useMe } from '../shell/me-context.ts'
import { Page } from '../shell/page.tsx'
import { ChangeRow } from './change-row.tsx'

const firstCount = 50
/** As many as the server gives at once. */
const mostCount = 1_000

export function ChangesPage() {
  const { t } = useText()
  return (
    <Page title={t('desk.nav.changes')} needs="changes.read">
      <Changes />
    </Page>
  )
}

function Changes() {
  const { t } = useText()
  const [limit, setLimit] = useState(firstCount)
  const query = useQuery(changesQuery(useMe().site, limit))
  return (
    <Loaded query={query}>
      {({ changes }) =>
        changes.length === 0 ? (
          <EmptyState title={t('desk.changes.none')}>
            <p>{t('desk.changes.noneText')}</p>
          </EmptyState>
        ) : (
          <section className="card card--table">
            <h2 className="card__title">
              {t('desk.changes.title')} <span className="card__note">{t('desk.changes.order')}</span>
            </h2>
            <ul className="changes">
              {changes.map((change) => (
                <ChangeRow
                  key={`${change.changedAt} ${change.action} ${change.subject}`}
                  change={change}
                  now={query.dataUpdatedAt}
                />
              ))}
            </ul>
            {changes.length >= limit && limit < mostCount && (
              <Button
                variant="default"
                className="card__more"
                loading={query.isPlaceholderData}
                onClick={() => setLimit(Math.min(limit * 2, mostCount))}
              >
                {t('desk.changes.loadMore')}
              </Button>
            )}
          </section>
        )
      }
    </Loaded>
  )
}
