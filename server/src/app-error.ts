import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'

/** A refusal that is expected. It knows no HTTP; `http/problem-answer.ts` and `live/` map the code. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ProblemCode
  readonly field: string | undefined
  /** When it is worth trying again, s; undefined: it is not. */
  readonly retryAfterS: number | undefined

  constructor(
    code: ProblemCode,
    message: string,
    more: { readonly field?: string; readonly retryAfterS?: number } = {},
  ) {
    super(message)
    this.code = code
    this.field = more.field
    this.retryAfterS = more.retryAfterS
  }
}
