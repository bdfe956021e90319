import type { RejectionCause } from '@stagewatch/shared/contract/import-report.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'

/**
 * Why a row of a file cannot become an event. `field` is the column's header in the file; '' if no single column is the
 * cause.
 */
export interface Rejection {
  readonly code: ProblemCode
  readonly field: string
  readonly message: string
  /** Undefined: the code says enough. */
  readonly cause?: RejectionCause | undefined
}

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly rejection: Rejection }
