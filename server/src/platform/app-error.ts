import type { FieldReason, KnownIssue } from '@stagewatch/shared/contract/field-issue.ts'
import type { Problem, ProblemCode } from '@stagewatch/shared/contract/problem.ts'

interface Details {
  readonly field?: string
  /** What is wrong with the field. */
  readonly reason?: FieldReason
  /** The limit that was exceeded, or the number that is required. */
  readonly limit?: number
  readonly details?: Problem['details']
  readonly conflict?: Problem['conflict']
  readonly retryAfterS?: number
}

/** States for each field what is wrong, in a form that pages can translate. */
type FieldDetails =
  | (Details & { readonly field: string; readonly reason: FieldReason })
  | (Details & { readonly details: KnownIssue[] })

/** Reasons that the code itself already implies. */
const reasonOf: Partial<Record<ProblemCode, FieldReason>> = {
  missing_field: 'missing',
  invalid_text: 'invisible_text',
  invalid_time: 'not_time',
}

/** An expected refusal. It is independent of HTTP; `http/problem-answer.ts` and `live/` map the code. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ProblemCode
  readonly field: string | undefined
  /** What is wrong, field by field. */
  readonly details: Problem['details']
  /** The current value, and the value that was to replace it. */
  readonly conflict: Problem['conflict']
  /** Seconds after which a retry makes sense; undefined if it never does. */
  readonly retryAfterS: number | undefined

  constructor(code: 'invalid_field', message: string, more: FieldDetails)
  constructor(code: Exclude<ProblemCode, 'invalid_field'>, message: string, more?: Details)
  /** Rebuilds a refusal of another server or thread. */
  constructor(code: ProblemCode, message: string, more?: Pick<Details, 'conflict' | 'details' | 'field'>)
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
