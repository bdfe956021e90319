import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import { narrowedScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { AppError } from '../platform/app-error.ts'

/**
 * The question as somebody may ask it: about no other departments than theirs.
 * @throws AppError `forbidden` when it tells customers apart whose names are not to be known.
 */
export function questionWithin<Q extends Choice & { readonly rows?: string | undefined }>(
  question: Q,
  { departments, privacy }: Audience,
): Q {
  if (privacy.customers === 'masked' && (question.customer !== undefined || question.rows === 'customer')) {
    throw new AppError('forbidden', 'customers are not told apart here', {
      field: question.rows === 'customer' ? 'rows' : 'customer',
    })
  }
  return { ...question, department: narrowedScope(question.department, departments) }
}
