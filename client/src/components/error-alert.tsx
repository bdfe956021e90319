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
  /** Text for a conflict. Default: somebody else has saved. */
  readonly conflict?: string
  /** Labels of fields that the form calls by another name than other forms do. */
  readonly labels?: Readonly<Record<string, string>>
}

/** Shows beside a failed action why it failed, with the request id for the server's log. */
export function ErrorAlert({ error, conflict, labels }: ErrorAlertProps) {
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
          details.map((detail) => (
            <FieldError key={`${detail.field} ${detail.message}`} {...detail} ownLabel={labels?.[detail.field]} />
          ))}
        {requestId !== undefined && <p className={layout['meta']}>{t('request', { id: requestId })}</p>}
      </div>
    </div>
  )
}

function FieldError({ field, ownLabel, ...issue }: FieldIssue & { readonly ownLabel: string | undefined }) {
  const { t } = useText()
  const issueText = useIssueText()
  // The text of the error code already covers an issue without a reason.
  if (issue.reason === undefined) return null
  const last = field.split('.').findLast((part) => !/^\d+$/.test(part)) ?? ''
  const name = fieldName(last)
  const label = ownLabel ?? (name === undefined ? last || t('fieldProblem.whole') : t(name))
  return <p className={layout['meta']}>{t('labelled', { label, value: issueText(issue) })}</p>
}

/** Describes an error to the user who caused it. */
function useErrorText(): (error: Error) => string {
  const { t } = useText()
  return (error) => {
    if (!(error instanceof ApiError)) return t('desk.unreachable')
    const { code } = error
    if (code === undefined) return t('problem.internal')
    if (isAuthErrorCode(code)) return t(`auth.${code}`)
    // The general texts address senders of events, who have keys; a user has a role and a session.
    if (code === 'unauthorized') return t('desk.signedOut')
    if (code === 'forbidden') return t('desk.forbidden')
    if (code === 'conflict') return t('desk.conflict')
    return t(`problem.${code}`)
  }
}
