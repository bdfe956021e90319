import { EmptyState } from '../../../components/empty-state.tsx'
import { useText } from '../../../locales/use-text.ts'

export function FlowPage() {
  const { t } = useText()
  return (
    <EmptyState title={t('analysis.tab.flow')}>
      <p>{t('desk.loading')}</p>
    </EmptyState>
  )
}
