import { StartInfoRefused } from '../live/load-start-info.ts'
import { useText } from '../text/use-text.ts'

interface LoadProblemProps {
  readonly error: Error
  readonly onRetry: () => void
}

/** Inline: what failed, why as far as the server has said it, and a way to try again. */
export function LoadProblem({ error, onRetry }: LoadProblemProps) {
  const { t } = useText()
  const code = error instanceof StartInfoRefused ? error.code : undefined
  const requestId = error instanceof StartInfoRefused ? error.requestId : undefined
  return (
    <div className="card card--problem" role="alert">
      <strong>{t('start.failed')}</strong>
      <p>{code === undefined ? t('start.health.unreachable') : t(`problem.${code}`)}</p>
      {requestId !== undefined && <p className="card__meta">{t('start.request', { id: requestId })}</p>}
      <button type="button" className="button" onClick={onRetry}>
        {t('start.retry')}
      </button>
    </div>
  )
}
