import { EmptyState } from '../../../components/empty-state.tsx'
import { useText } from '../../../locales/use-text.ts'

export function TimePage() {
  const { t } = useText()
  return (
    <EmptyState title={t('analysis.tab.time')}>
      <p>{t('desk.loading')}</p>
    </EmptyState>
  )
}
