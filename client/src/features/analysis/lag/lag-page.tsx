import { EmptyState } from '../../../components/empty-state.tsx'
import { useText } from '../../../locales/use-text.ts'

export function LagPage() {
  const { t } = useText()
  return (
    <EmptyState title={t('analysis.tab.lag')}>
      <p>{t('desk.loading')}</p>
    </EmptyState>
  )
}
