import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { invisibleText } from '@stagewatch/shared/domain/identifier.ts'

/** Why an event was not taken. */
export interface Rejection {
  readonly code: ProblemCode
  /** Path of the field that is wrong, as the sender wrote it. */
  readonly field?: string
  /** Never repeats what the sender wrote. */
  readonly message: string
}

const fieldLimit = 100
const everyInvisible = new RegExp(invisibleText, 'gu')

/**
 * Collects what is wrong with one event; the first finding counts. The reading functions give an empty value for a
 * field that they refuse, so that parsing goes straight on and asks once, at its end.
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
