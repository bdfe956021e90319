import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { EmptyState } from '../../components/empty-state.tsx'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { changesQuery } from './api.ts'
import { ChangeRow } from './change-row.tsx'

export function ChangesPage() {
  const { t } = useText()
  return (
    <Page title={t('nav.changes')} needs="changes.read">
      <Changes />
    </Page>
  )
}

function Changes() {
  const { t } = useText()
  const query = useInfiniteQuery(changesQuery(useMe().site))
  return (
    <QueryBoundary query={query}>
      {({ pages }) => {
        const changes = pages.flatMap((page) => page.changes)
        if (changes.length === 0) {
          return (
            <EmptyState title={t('changes.none')}>
              <p>{t('changes.noneText')}</p>
            </EmptyState>
          )
        }
        return (
          <section className={clsx(card['card'], card['flush'])}>
            <h2 className={card['title']}>
              {t('changes.title')} <span className={card['titleNote']}>{t('changes.order')}</span>
            </h2>
            <ul>
              {changes.map((change) => (
                <ChangeRow key={change.id} change={change} now={serverTime(query.dataUpdatedAt)} />
              ))}
            </ul>
            {query.hasNextPage && (
              <Button
                variant="default"
                className={card['more']}
                loading={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                {t('changes.loadMore')}
              </Button>
            )}
          </section>
        )
      }}
    </QueryBoundary>
  )
}
