import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useText } from '../../text/use-text.ts'
import { LoadFailed } from './load-failed.tsx'
import { ProblemNote } from './problem-note.tsx'

interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data>
  readonly children: (data: Data) => ReactNode
}

/** What was read, once it is there. A later failure leaves it on the page and says that it is old. */
export function Loaded<Data>({ query, children }: LoadedProps<Data>) {
  const { t } = useText()
  const retry = () => void query.refetch()
  if (query.data === undefined) {
    if (query.isError) return <LoadFailed error={query.error} onRetry={retry} />
    return (
      <div className="card skeleton" role="status">
        <span className="hidden-text" data-may-truncate>
          {t('desk.loading')}
        </span>
      </div>
    )
  }
  return (
    <>
      <ProblemNote error={query.error} />
      {children(query.data)}
    </>
  )
}
