import type { MeasureCondition } from './alert-rule.ts'

/** State of a measure between two evaluations. Instants are elapsed ms. */
export interface MeasureState {
  readonly isAlert: boolean
  /** When it went beyond the threshold, while it is not an alert yet. Undefined: it is not beyond it. */
  readonly beyondSince?: number
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
  condition: MeasureCondition,
  state: MeasureState,
  value: number | undefined,
  elapsed: number,
): MeasureState {
  // After a gap without values, how long it was beyond the threshold before is meaningless.
  if (value === undefined) return { isAlert: state.isAlert, isUnknown: true }
  if (state.isAlert) return isClear(condition, value) ? initialMeasureState : { isAlert: true, isUnknown: false }
  if (!isBeyond(condition, value)) return initialMeasureState
  const { beyondSince = elapsed } = state
  return elapsed - beyondSince >= condition.forMs
    ? { isAlert: true, isUnknown: false }
    : { ...initialMeasureState, beyondSince }
}

function isBeyond({ above, below }: MeasureCondition, value: number): boolean {
  return (above !== undefined && value > above) || (below !== undefined && value < below)
}

function isClear({ above, clearAt }: MeasureCondition, value: number): boolean {
  return above === undefined ? value >= clearAt : value <= clearAt
}
