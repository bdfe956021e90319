import { useText } from '../../text/use-text.ts'
import { isAuthProblem } from '../api/auth-problem.ts'
import { Refused } from '../api/refused.ts'

/** What went wrong, in words for whoever asked. */
export function useProblemText(): (error: Error) => string {
  const { t } = useText()
  return (error) => {
    if (!(error instanceof Refused)) return t('start.health.unreachable')
    const { code } = error
    if (code === undefined) return t('problem.internal')
    if (isAuthProblem(code)) return t(`desk.auth.${code}`)
    // These are told to senders of events, who have keys; a person has a role and a session.
    if (code === 'unauthorized') return t('desk.signedOut')
    if (code === 'forbidden') return t('desk.forbidden')
    return t(`problem.${code}`)
  }
}
