import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { ApiError } from '../api/request.ts'
import { serverTime } from '../api/server-time.ts'
import { instantText } from '../format/instant-text.ts'
import { useText } from '../locales/use-text.ts'
import card from './card.module.css'
import { ErrorAlert } from './error-alert.tsx'
import { StatusGlyph } from './status-glyph.tsx'

interface QueryBoundaryProps<Data> {
  readonly query: UseQueryResult<Data>
  readonly children: (data: Data) => ReactNode
  /** Whether it is already inside a card. */
  readonly isInCard?: boolean
}

/** Renders the loaded data. If a later refetch fails, the data stays on the page with a note that it is outdated. */
export function QueryBoundary<Data>({ query, children, isInCard = false }: QueryBoundaryProps<Data>) {
  const retry = () => void query.refetch()
  if (query.data === undefined) {
    if (query.isError) return <LoadFailed error={query.error} onRetry={retry} isInCard={isInCard} />
    return <Skeleton isInCard={isInCard} />
  }
  return (
    <>
      {query.isError && <Outdated query={query} />}
      {children(query.data)}
    </>
  )
}

/**
 * Says as of when the data is that could not be refreshed. That the server is unreachable, or not ready without its
 * database, the whole page says.
 */
function Outdated({ query: { error, dataUpdatedAt, errorUpdatedAt } }: { readonly query: UseQueryResult }) {
  const { t, language } = useText()
  const time = instantText(serverTime(dataUpdatedAt), serverTime(errorUpdatedAt), language)
  return (
    <div className={card['outdated']}>
      {error instanceof ApiError && error.code !== 'not_ready' && <ErrorAlert error={error} />}
      <p>
        <StatusGlyph state="atRisk" />
        {t('desk.shownAsOf', { time })}
      </p>
    </div>
  )
}

/** In place of content that is being loaded. */
export function Skeleton({ isInCard = false }: { readonly isInCard?: boolean }) {
  const { t } = useText()
  return (
    <div className={clsx(!isInCard && card['card'], card['skeleton'])} role="status">
      {t('desk.loading')}
    </div>
  )
}

interface LoadFailedProps {
  readonly error: Error
  readonly onRetry: () => void
  readonly isInCard: boolean
}

/** Replaces content that could not be loaded. */
function LoadFailed({ error, onRetry, isInCard }: LoadFailedProps) {
  const { t } = useText()
  return (
    <div className={clsx(!isInCard && card['card'], card['state'])}>
      <h2 className={card['stateTitle']}>{t('desk.loadFailed')}</h2>
      <ErrorAlert error={error} />
      <Button variant="default" onClick={onRetry}>
        {t('retry')}
      </Button>
    </div>
  )
}
