import { customerDimensions } from '@stagewatch/shared/contract/choice.ts'
import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import { narrowedScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { AppError } from '../platform/app-error.ts'

/**
 * The question as somebody may ask it: about no other departments than theirs.
 * @throws AppError `forbidden` when it tells customers or their classes apart, whose names are not to be known.
 */
export function questionWithin<Q extends Choice & { readonly rows?: string | undefined }>(
  question: Q,
  { departments, privacy }: Audience,
): Q {
  const told = privacy.customers === 'masked' ? customerField(question) : undefined
  if (told !== undefined) throw new AppError('forbidden', 'customers are not told apart here', { field: told })
  return { ...question, department: narrowedScope(question.department, departments) }
}

/** Which field of the question tells customers or their classes apart. */
function customerField(question: Choice & { readonly rows?: string | undefined }): string | undefined {
  if (question.rows !== undefined && customerDimensions.includes(question.rows)) return 'rows'
  return (['customer', 'customerClass'] as const).find((field) => question[field] !== undefined)
}
