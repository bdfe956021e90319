import type { Problem, ProblemCode } from '@stagewatch/shared/contract/problem.ts'

/** A refusal that is expected. It knows no HTTP; `http/problem-answer.ts` and `live/` map the code. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ProblemCode
  readonly field: string | undefined
  /** What is wrong, when that is more than one thing. */
  readonly details: Problem['details']
  /** When it is worth trying again, s; undefined: it is not. */
  readonly retryAfterS: number | undefined

  constructor(
    code: ProblemCode,
    message: string,
    more: { readonly field?: string; readonly details?: Problem['details']; readonly retryAfterS?: number } = {},
  ) {
    super(message)
    this.code = code
    this.field = more.field
    this.details = more.details
    this.retryAfterS = more.retryAfterS
  }
}
