import type { FieldReason, KnownIssue } from '@stagewatch/shared/contract/field-issue.ts'
import type { Problem, ProblemCode } from '@stagewatch/shared/contract/problem.ts'

interface Details {
  readonly field?: string
  /** What is wrong with the field. */
  readonly reason?: FieldReason
  /** The limit that was passed, or the number that is asked for. */
  readonly limit?: number
  readonly details?: Problem['details']
  readonly conflict?: Problem['conflict']
  readonly retryAfterS?: number
}

/** Says of each field what is wrong in a way that pages tell in their language. */
type FieldDetails =
  | (Details & { readonly field: string; readonly reason: FieldReason })
  | (Details & { readonly details: KnownIssue[] })

/** What the code says of the field already. */
const reasonOf: Partial<Record<ProblemCode, FieldReason>> = {
  missing_field: 'missing',
  invalid_text: 'invisible_text',
  invalid_time: 'not_time',
}

/** A refusal that is expected. It knows no HTTP; `http/problem-answer.ts` and `live/` map the code. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ProblemCode
  readonly field: string | undefined
  /** What is wrong, field by field. */
  readonly details: Problem['details']
  /** What is there now, and what was to be saved over it. */
  readonly conflict: Problem['conflict']
  /** When it is worth trying again, s; undefined: it is not. */
  readonly retryAfterS: number | undefined

  constructor(code: 'invalid_field', message: string, more: FieldDetails)
  constructor(code: Exclude<ProblemCode, 'invalid_field'>, message: string, more?: Details)
  /** As another server has said it. */
  constructor(code: ProblemCode, message: string, more?: Pick<Details, 'conflict' | 'details'>)
  constructor(code: ProblemCode, message: string, more: Details = {}) {
    super(message)
    const { field, reason = reasonOf[code], limit, details, conflict, retryAfterS } = more
    this.code = code
    this.field = field
    this.details =
      details ??
      (field === undefined
        ? undefined
        : [{ field, message, ...(reason !== undefined && { reason }), ...(limit !== undefined && { limit }) }])
    this.conflict = conflict
    this.retryAfterS = retryAfterS
  }
}
