import { Button } from '@mantine/core'
import { clsx } from 'clsx'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import card from '../../components/card.module.css'
import { EmptyState } from '../../components/empty-state.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { WorkProgress } from '../../components/work-progress.tsx'
import { useText } from '../../locales/use-text.ts'
import styles from './analysis.module.css'
import type { Analysis } from './api.ts'

interface AnalysisBoundaryProps<Data> {
  readonly analysis: Analysis<Data>
  readonly children: (data: Data) => ReactNode
  /** Whether it is already inside a card. */
  readonly isInCard?: boolean
}

/** Renders the result. The progress is shown if it takes long; meanwhile the previous result stays visible. */
export function AnalysisBoundary<Data>({ analysis, children, isInCard = false }: AnalysisBoundaryProps<Data>) {
  const { t } = useText()
  const { query, work, cancel } = analysis
  const isWaiting = query.data === undefined || query.isPlaceholderData
  const isCancelled = isWaiting && work === 'cancelled' && !query.isFetching
  const again = (
    <Button size="xs" variant="default" onClick={() => void query.refetch()}>
      {t('analysis.work.again')}
    </Button>
  )
  if (isCancelled && query.data === undefined) {
    return (
      <EmptyState title={t('analysis.work.cancelled')} isInCard={isInCard}>
        {again}
      </EmptyState>
    )
  }
  return (
    <div className={clsx(!isInCard && styles['page'])}>
      {isCancelled && (
        <p className={clsx(!isInCard && card['card'])} role="status">
          {t('analysis.work.cancelledOld')} {again}
        </p>
      )}
      {isWaiting && query.isFetching && work !== undefined && work !== 'cancelled' && (
        <div className={clsx(!isInCard && card['card'])} role="status">
          <WorkProgress label={t('analysis.work.running')} progress={work}>
            <Button size="xs" variant="default" leftSection={<X size={14} aria-hidden />} onClick={cancel}>
              {t('desk.cancel')}
            </Button>
          </WorkProgress>
        </div>
      )}
      <QueryBoundary query={query} isInCard={isInCard}>
        {children}
      </QueryBoundary>
    </div>
  )
}
