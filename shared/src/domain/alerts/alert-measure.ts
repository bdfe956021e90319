import type { MeasureCondition } from './alert-rule.ts'

/** State of a measure between two evaluations. Instants are elapsed ms. */
export interface MeasureState {
  readonly isAlert: boolean
  /** When it exceeded `above`, while it is not an alert yet. Undefined: it does not exceed it. */
  readonly aboveSince?: number
  /** The last evaluation had no value. */
  readonly isUnknown: boolean
}

export const initialMeasureState: MeasureState = { isAlert: false, isUnknown: false }

/**
 * Evaluates a measure.
 * @param value Undefined: there is no value, so that no alert begins or ends.
 * @param elapsed Reading of a monotonic clock.
 */
export function evaluateMeasure(
  { above, clearAt, forMs }: MeasureCondition,
  state: MeasureState,
  value: number | undefined,
  elapsed: number,
): MeasureState {
  // After a gap without values, how long it was above the threshold before is meaningless.
  if (value === undefined) return { isAlert: state.isAlert, isUnknown: true }
  if (state.isAlert) return value <= clearAt ? initialMeasureState : { isAlert: true, isUnknown: false }
  if (value <= above) return initialMeasureState
  const { aboveSince = elapsed } = state
  return elapsed - aboveSince >= forMs ? { isAlert: true, isUnknown: false } : { ...initialMeasureState, aboveSince }
}
