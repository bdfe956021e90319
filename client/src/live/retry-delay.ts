import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'

/** Asking again soon would not help, and would be counted as guessing keys. */
const patient: ReadonlySet<ProblemCode> = new Set(['unauthorized', 'forbidden', 'rate_limited'])

/** One to five seconds, for ever; a refused key waits twelve times as long. `chance` in 0..1 spreads the screens. */
export function retryDelayMs(refusal: ProblemCode | undefined, chance: number): number {
  const delayMs = 1_000 + chance * 4_000
  return refusal !== undefined && patient.has(refusal) ? delayMs * 12 : delayMs
}
