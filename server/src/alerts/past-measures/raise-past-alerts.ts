import { evaluateMeasure, initialMeasureState } from '@stagewatch/shared/domain/alerts/alert-measure.ts'
import type { MeasureState } from '@stagewatch/shared/domain/alerts/alert-measure.ts'
import type { MeasureCondition } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import type { MeasuredPlace } from '../measure-values.ts'
import type { ChangeList } from './look-times.ts'

/** The values of a measure at one place over a period. Looks are read in ascending order. */
export interface MeasureHistory {
  readonly place: MeasuredPlace
  readonly changes: ChangeList
  /** The first look at which the place is evaluated; there must be a change at it. */
  readonly firstLook: number
  /** Applies a change of this kind. */
  apply(kind: number): void
  /** The value after all changes up to the instant, epoch ms; undefined: there is none. */
  valueAt(at: number): number | undefined
}

/** An alert of the past. */
export interface PastAlert extends MeasuredPlace {
  readonly beganAt: number
  /** Undefined: it had not ended at the end of the period. */
  readonly endedAt?: number
  /** When it began. */
  readonly value: number
  /** The value that was furthest beyond the threshold. */
  readonly worstValue: number
}

/**
 * The alerts that a rule would have raised at a place if it had been switched on at the start of the period. Live
 * evaluation looks every few seconds; the values in between two changes are the same, so that only the looks after a
 * change and the one at which `forMs` has passed are evaluated, by the same function as live.
 */
export function* raisePastAlerts(
  condition: MeasureCondition,
  history: MeasureHistory,
  found: (alert: PastAlert) => void,
): Generator<void> {
  const run = new PastRun(condition, history, found)
  for (const step of history.changes.inOrder()) {
    if (step === undefined) {
      yield
      continue
    }
    run.waitUntil(step.look)
    for (const kind of step.kinds) history.apply(kind)
    if (step.look >= history.firstLook) run.evaluate(step.look)
  }
  run.waitUntil(history.changes.looks.last + 1)
  run.end()
}

class PastRun {
  readonly #condition: MeasureCondition
  readonly #history: MeasureHistory
  readonly #found: (alert: PastAlert) => void
  #state: MeasureState = initialMeasureState
  #alert: Omit<PastAlert, 'endedAt'> | undefined

  constructor(condition: MeasureCondition, history: MeasureHistory, found: (alert: PastAlert) => void) {
    this.#condition = condition
    this.#history = history
    this.#found = found
  }

  /** Evaluates the look before `look` at which the measure has been beyond its threshold for long enough, if any. */
  waitUntil(look: number): void {
    const { beyondSince } = this.#state
    if (beyondSince === undefined) return
    const ripe = this.#history.changes.looks.firstFrom(beyondSince + this.#condition.forMs)
    if (ripe < look) this.evaluate(ripe)
  }

  evaluate(look: number): void {
    const at = this.#history.changes.looks.at(look)
    const value = this.#history.valueAt(at)
    const wasAlert = this.#state.isAlert
    this.#state = evaluateMeasure(this.#condition, this.#state, value, at)
    if (!this.#state.isAlert) {
      if (wasAlert) this.end(at)
    } else if (value !== undefined) {
      this.#alert = this.#grown(value, at)
    }
  }

  end(endedAt?: number): void {
    if (this.#alert !== undefined) this.#found({ ...this.#alert, ...(endedAt !== undefined && { endedAt }) })
    this.#alert = undefined
  }

  #grown(value: number, at: number): Omit<PastAlert, 'endedAt'> {
    if (this.#alert === undefined) return { ...this.#history.place, beganAt: at, value, worstValue: value }
    const { worstValue } = this.#alert
    const isWorse = this.#condition.above === undefined ? value < worstValue : value > worstValue
    return isWorse ? { ...this.#alert, worstValue: value } : this.#alert
  }
}
