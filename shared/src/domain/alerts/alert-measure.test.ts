import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MeasureCondition } from './alert-rule.ts'
import { initialMeasureState, evaluateMeasure } from './alert-measure.ts'

describe('a measure', () => {
  const condition = { kind: 'measure', measure: 'wipCount', above: 10, clearAt: 7, forMs: 60 } as const

  it('is an alert once it has been above for long enough, until it is clearly below', () => {
    let state = initialMeasureState
    const look = (value: number | undefined, elapsed: number) =>
      (state = evaluateMeasure(condition, state, value, elapsed)).isAlert
    expect([look(11, 0), look(11, 59), look(11, 60), look(9, 70), look(8, 80), look(7, 90)]).toEqual([
      false,
      false,
      true,
      true,
      true,
      false,
    ])
    expect([look(11, 100), look(10, 130), look(11, 140), look(11, 199), look(11, 200)]).toEqual([
      false,
      false,
      false,
      false,
      true,
    ])
  })

  it('neither starts nor ends while there is nothing to measure', () => {
    const alert = { isAlert: true, isUnknown: false }
    expect(evaluateMeasure(condition, alert, undefined, 0)).toEqual({ isAlert: true, isUnknown: true })
    expect(evaluateMeasure(condition, { ...initialMeasureState, beyondSince: 0 }, undefined, 90)).toEqual({
      isAlert: false,
      isUnknown: true,
    })
  })

  it('is an alert once it has been below for long enough, until it is clearly above', () => {
    const tooLow = { kind: 'measure', measure: 'onTimeRatio', below: 0.9, clearAt: 0.95, forMs: 60 } as const
    let state = initialMeasureState
    const look = (value: number | undefined, elapsed: number) =>
      (state = evaluateMeasure(tooLow, state, value, elapsed)).isAlert
    expect([look(0.89, 0), look(0.9, 30), look(0.89, 40), look(0.5, 99), look(0.89, 100)]).toEqual([
      false,
      false,
      false,
      false,
      true,
    ])
    expect([look(0.9, 110), look(0.94, 120), look(undefined, 130), look(0.95, 140), look(0.94, 150)]).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
  })
})

const span = fc.record({ low: fc.integer({ min: 0, max: 50 }), width: fc.integer({ min: 0, max: 50 }) })
const thresholds = fc
  .tuple(span, fc.constantFrom('above', 'below'), fc.integer({ min: 0, max: 100 }))
  .map(([{ low, width }, side, forMs]): MeasureCondition => ({
    kind: 'measure',
    measure: 'openCount',
    ...(side === 'above' ? { above: low + width, clearAt: low } : { below: low, clearAt: low + width }),
    forMs,
  }))
const readings = fc.array(
  fc.record({
    value: fc.option(fc.integer({ min: -10, max: 110 }), { nil: undefined }),
    afterMs: fc.integer({ min: 0, max: 60 }),
  }),
  { maxLength: 60 },
)

describe('on either side of its threshold, a measure', () => {
  it('changes nothing between the threshold and the value that ends an alert', () => {
    fc.assert(
      fc.property(thresholds, readings, fc.boolean(), (condition, seen, isAlert) => {
        const { above, below = 0, clearAt } = condition
        const [from, to] = above === undefined ? [below, clearAt] : [clearAt, above]
        let state = { ...initialMeasureState, isAlert }
        let elapsed = 0
        for (const { value, afterMs } of seen) {
          elapsed += afterMs
          // Strictly between the two values, and at the threshold itself.
          const within = value === undefined ? undefined : Math.min(Math.max(value, from), to)
          if (within === clearAt && isAlert) continue
          state = evaluateMeasure(condition, state, within, elapsed)
          expect(state.isAlert).toBe(isAlert)
        }
      }),
    )
  })

  it('begins only after it was beyond for the whole time, and ends only at the value that ends it', () => {
    fc.assert(
      fc.property(thresholds, readings, (condition, seen) => {
        const { above, below, clearAt, forMs } = condition
        const beyond = (value: number) => (above === undefined ? value < (below ?? 0) : value > above)
        let state = initialMeasureState
        let elapsed = 0
        let beyondSince: number | undefined
        for (const { value, afterMs } of seen) {
          elapsed += afterMs
          const before = state.isAlert
          state = evaluateMeasure(condition, state, value, elapsed)
          beyondSince = value === undefined || !beyond(value) ? undefined : (beyondSince ?? elapsed)
          const isCleared = (at: number) => (above === undefined ? at >= clearAt : at <= clearAt)
          const isLongEnough = beyondSince !== undefined && elapsed - beyondSince >= forMs
          const isAlert = before ? value === undefined || !isCleared(value) : isLongEnough
          expect(state).toMatchObject({ isAlert, isUnknown: value === undefined })
        }
      }),
    )
  })
})
