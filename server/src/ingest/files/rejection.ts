import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'

/** Why one row of a file cannot become an event. `field` is the column as the file calls it; '' when none is to blame. */
export interface Rejection {
  readonly code: ProblemCode
  readonly field: string
  readonly message: string
}

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly rejection: Rejection }
