import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'

/** Refusals for which a quick retry would not help and would count as guessing keys. */
const patient: ReadonlySet<ProblemCode> = new Set(['unauthorized', 'forbidden', 'rate_limited'])

/**
 * One to five seconds, without a limit on attempts; twelve times as long for a refused key. `chance` in 0..1 spreads
 * the screens.
 */
export function retryDelayMs(refusal: ProblemCode | undefined, chance: number): number {
  const delayMs = 1_000 + chance * 4_000
  return refusal !== undefined && patient.has(refusal) ? delayMs * 12 : delayMs
}
