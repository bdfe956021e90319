import type { FieldIssue } from '@stagewatch/shared/contract/field-issue.ts'
import { useText } from '../../locales/use-text.ts'

/** Describes a validation issue in the page's language, because the messages of the schema are English. */
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
