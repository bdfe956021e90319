import { problemCode } from '@stagewatch/shared/contract/problem.ts'
import { ApiError } from '../api/request.ts'
import { useText } from '../locales/use-text.ts'

interface LoadErrorProps {
  readonly error: Error
  readonly onRetry: () => void
}

/** What failed, the reason if the server gave one, and a retry button. */
export function LoadError({ error, onRetry }: LoadErrorProps) {
  const { t } = useText()
  const { code, requestId } = error instanceof ApiError ? error : { code: undefined, requestId: undefined }
  const known = problemCode.safeParse(code).data
  return (
    <div className="card card--problem" role="alert">
      <strong>{t('start.failed')}</strong>
      <p>{known === undefined ? t('start.health.unreachable') : t(`problem.${known}`)}</p>
      {requestId !== undefined && <p className="card__meta">{t('request', { id: requestId })}</p>}
      <button type="button" className="button" onClick={onRetry}>
        {t('retry')}
      </button>
    </div>
  )
}
