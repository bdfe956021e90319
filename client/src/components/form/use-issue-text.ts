import type { FieldIssue } from '@stagewatch/shared/contract/field-issue.ts'
import { useText } from '../../locales/use-text.ts'

/** What is wrong with a field, as a sentence in the language of the page; the message of the schema is English. */
export function useIssueText(): (issue: Omit<FieldIssue, 'field' | 'message'>) => string {
  const { t } = useText()
  return ({ reason = 'wrong', limit, options }) => {
    const isEmpty = reason === 'missing' || ((reason === 'too_short' || reason === 'too_few') && limit === 1)
    const text = isEmpty
      ? t('fieldProblem.empty')
      : t(`fieldProblem.${reason}`, { limit: limit ?? 0, options: options?.join(t('listComma')) ?? '' })
    return text.charAt(0).toLocaleUpperCase() + text.slice(1)
  }
}
