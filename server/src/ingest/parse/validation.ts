import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { invisibleText } from '@stagewatch/shared/domain/identifier.ts'

/** Why an event was rejected. */
export interface Rejection {
  readonly code: ProblemCode
  /** Path of the invalid field, as named by the sender. */
  readonly field?: string
  /** Never contains the sender's input. */
  readonly message: string
}

const fieldLimit = 100
const everyInvisible = new RegExp(invisibleText, 'gu')

/**
 * Collects the problems of one event; the first one counts. Read functions return an empty value for a rejected field,
 * so parsing continues and checks for problems once at its end.
 */
export class Validation {
  #rejection: Rejection | undefined

  get rejection(): Rejection | undefined {
    return this.#rejection
  }

  reject(code: ProblemCode, field: string, message: string): void {
    this.#rejection ??= { code, field: field.slice(0, fieldLimit).replace(everyInvisible, '\uFFFD'), message }
  }
}
