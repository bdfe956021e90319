import { describe, expect, it } from 'vitest'
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
    expect(evaluateMeasure(condition, { ...initialMeasureState, aboveSince: 0 }, undefined, 90)).toEqual({
      isAlert: false,
      isUnknown: true,
    })
  })
})
