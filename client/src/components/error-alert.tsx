import type { FieldIssue } from '@stagewatch/shared/contract/field-issue.ts'
import { clsx } from 'clsx'
import { isAuthErrorCode } from '../api/auth-error-code.ts'
import { ApiError } from '../api/request.ts'
import { useText } from '../locales/use-text.ts'
import { fieldName } from './diff/field-name.ts'
import { useIssueText } from './form/use-issue-text.ts'
import layout from './layout/layout.module.css'
import note from './note.module.css'
import { StatusGlyph } from './status-glyph.tsx'

interface ErrorAlertProps {
  readonly error: Error | null
  /** What a conflict means here; by default that somebody else has saved. */
  readonly conflict?: string
}

/** Beside what was tried: why it failed, and the id under which the server's log has more. */
export function ErrorAlert({ error, conflict }: ErrorAlertProps) {
  const { t } = useText()
  const errorText = useErrorText()
  if (error === null) return null
  const { requestId, details, code } = error instanceof ApiError ? error : { requestId: undefined, details: [] }
  return (
    <div className={clsx(note['note'], note['error'])} role="alert">
      <StatusGlyph state="overdue" />
      <div>
        <p>{code === 'conflict' && conflict !== undefined ? conflict : errorText(error)}</p>
        {code !== 'conflict' &&
          details.map((detail) => <FieldError key={`${detail.field} ${detail.message}`} {...detail} />)}
        {requestId !== undefined && <p className={layout['meta']}>{t('request', { id: requestId })}</p>}
      </div>
    </div>
  )
}

function FieldError({ field, ...issue }: FieldIssue) {
  const { t } = useText()
  const issueText = useIssueText()
  // Without a reason the code of the error says it all.
  if (issue.reason === undefined) return null
  const last = field.split('.').findLast((part) => !/^\d+$/.test(part)) ?? ''
  const name = fieldName(last)
  const label = name === undefined ? last || t('fieldProblem.whole') : t(name)
  return <p className={layout['meta']}>{t('labelled', { label, value: issueText(issue) })}</p>
}

/** What went wrong, in words for the person who tried it. */
function useErrorText(): (error: Error) => string {
  const { t } = useText()
  return (error) => {
    if (!(error instanceof ApiError)) return t('desk.unreachable')
    const { code } = error
    if (code === undefined) return t('problem.internal')
    if (isAuthErrorCode(code)) return t(`auth.${code}`)
    // The general texts are for senders of events, who have keys; a person has a role and a session.
    if (code === 'unauthorized') return t('desk.signedOut')
    if (code === 'forbidden') return t('desk.forbidden')
    if (code === 'conflict') return t('desk.conflict')
    return t(`problem.${code}`)
  }
}
