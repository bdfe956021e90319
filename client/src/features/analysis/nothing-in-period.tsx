import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { boardQuery } from '../../api/site-queries.ts'
import { useMe } from '../../api/session.ts'
import { ConnectSteps } from '../../components/connect-steps.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { noFilter } from '../../components/filters/filter-bar.tsx'
import { useAnalysisScope } from './analysis-scope.ts'
import { useAnalysisText } from './use-analysis-text.ts'

interface NothingInPeriodProps {
  readonly title: string
  readonly text: string
  /** Whether it is already inside a card. */
  readonly isInCard?: boolean
}

/** Replaces an analysis without results. The next step depends on whether the site has ever had an order. */
export function NothingInPeriod({ title, text, isInCard = false }: NothingInPeriodProps) {
  const { t } = useAnalysisText()
  const { site } = useMe()
  const { filters, isFiltered, onChange } = useAnalysisScope()
  const { data: board } = useQuery(boardQuery(site))
  const isNarrowed = Object.values(filters).some((chosen) => chosen !== undefined)
  if (board !== undefined && board.lastMovedOn === undefined && !isNarrowed) {
    return (
      <EmptyState title={t('orders.none')} isInCard={isInCard}>
        <p>{t('analysis.noOrdersText')}</p>
        <ConnectSteps />
      </EmptyState>
    )
  }
  return (
    <EmptyState title={title} isInCard={isInCard}>
      <p>{text}</p>
      {isFiltered ? (
        <Button variant="default" onClick={() => onChange(noFilter)}>
          {t('filters.clear')}
        </Button>
      ) : (
        <Button variant="default" onClick={() => onChange({ range: '90d' })}>
          {t('analysis.longerPeriod')}
        </Button>
      )}
    </EmptyState>
  )
}
