import { customerDimensions } from '@stagewatch/shared/contract/choice.ts'
import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import { narrowedScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { widenedScope } from '@stagewatch/shared/domain/departments.ts'
import type { Department } from '@stagewatch/shared/domain/departments.ts'
import { AppError } from '../platform/app-error.ts'

/**
 * Restricts a query to the caller's departments, and extends a department to all texts that denote it in events.
 * @throws AppError `forbidden` if it distinguishes customers or customer classes whose names are hidden.
 */
export function restrictQuery<Q extends Choice & { readonly rows?: string | undefined }>(
  query: Q,
  { departments, privacy }: Audience,
  managed: readonly Department[],
): Q {
  const field = privacy.customers === 'masked' ? customerField(query) : undefined
  if (field !== undefined)
    throw new AppError('forbidden', 'orders cannot be grouped or filtered by customer here', { field })
  return { ...query, department: narrowedScope(widenedScope(query.department, managed), departments) }
}

/** The field of the query that distinguishes customers or customer classes. */
function customerField(query: Choice & { readonly rows?: string | undefined }): string | undefined {
  if (query.rows !== undefined && customerDimensions.includes(query.rows)) return 'rows'
  return (['customer', 'customerClass'] as const).find((field) => query[field] !== undefined)
}
