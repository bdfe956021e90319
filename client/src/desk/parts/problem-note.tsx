import { useText } from '../../text/use-text.ts'
import { Refused } from '../api/refused.ts'
import { useProblemText } from './use-problem-text.ts'
import { StatusGlyph } from '../../theme/status-glyph.tsx'

/** Beside what was tried: why it did not happen, and the number under which the server's log has more. */
export function ProblemNote({ error }: { readonly error: Error | null }) {
  const { t } = useText()
  const problemText = useProblemText()
  if (error === null) return null
  const { requestId, details } = error instanceof Refused ? error : { requestId: undefined, details: [] }
  return (
    <div className="note note--problem" role="alert">
      <StatusGlyph state="overdue" />
      <div>
        <p>{problemText(error)}</p>
        {details.map(({ field, message }) => (
          <p key={`${field} ${message}`} className="meta">
            {field === '' ? message : `${field}: ${message}`}
          </p>
        ))}
        {requestId !== undefined && <p className="meta">{t('start.request', { id: requestId })}</p>}
      </div>
    </div>
  )
}
