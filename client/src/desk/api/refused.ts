import type { Problem, ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import type { AuthProblem } from './auth-problem.ts'

interface Reason {
  /** Undefined when the server gave none that we know. */
  readonly code?: ProblemCode | AuthProblem | undefined
  readonly requestId?: string | undefined
  readonly details?: Problem['details'] | undefined
}

/** The server answered, but not with what was asked for. */
export class Refused extends Error {
  readonly code: Reason['code']
  readonly requestId: string | undefined
  readonly details: NonNullable<Problem['details']>

  constructor({ code, requestId, details }: Reason) {
    super(`refused: ${code ?? 'no reason given'}`)
    this.code = code
    this.requestId = requestId
    this.details = details ?? []
  }
}

export function isRefusal(error: unknown, code: NonNullable<Reason['code']>): boolean {
  return error instanceof Refused && error.code === code
}
