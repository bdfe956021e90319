import { Button } from '@mantine/core'
import { useText } from '../../text/use-text.ts'
import { ProblemNote } from './problem-note.tsx'

interface LoadFailedProps {
  readonly error: Error
  readonly onRetry: () => void
}

/** In the place of what could not be read. */
export function LoadFailed({ error, onRetry }: LoadFailedProps) {
  const { t } = useText()
  return (
    <div className="card state">
      <h2 className="state__title">{t('desk.loadFailed')}</h2>
      <ProblemNote error={error} />
      <Button variant="default" onClick={onRetry}>
        {t('start.retry')}
      </Button>
    </div>
  )
}
