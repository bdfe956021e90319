import { describe, expect, it } from 'vitest'
import { leadTimeFigure, onTimeFigure } from './kpi-figure.ts'

const day = 24 * 3_600_000

describe('on time today', () => {
  it('says how many points it is below its target', () => {
    expect(onTimeFigure({ signed: 35, onTime: 31, targetRatio: 0.95 }, 'en')).toEqual({
      value: '88.6',
      unit: '%',
      miss: { direction: 'down', text: '6.4' },
    })
  })

  it('shows only the value if the target is met or there is none', () => {
    expect(onTimeFigure({ signed: 41, onTime: 40, targetRatio: 0.95 }, 'en')).toEqual({ value: '97.6', unit: '%' })
    expect(onTimeFigure({ signed: 10, onTime: 5 }, 'en')).toEqual({ value: '50.0', unit: '%' })
  })

  it('is no percentage below five orders', () => {
    expect(onTimeFigure({ signed: 4, onTime: 4, targetRatio: 0.95 }, 'en')).toEqual({ value: '—' })
  })
})

describe('lead time', () => {
  it('and its miss share one unit', () => {
    expect(leadTimeFigure({ medianMs: 6.2 * day, count: 9, targetMs: 5.5 * day }, 'en')).toEqual({
      value: '6.2',
      unit: 'd',
      miss: { direction: 'up', text: '0.7' },
    })
    expect(leadTimeFigure({ medianMs: 2.5 * 3_600_000, count: 9 }, 'en')).toEqual({ value: '2.5', unit: 'h' })
  })

  it('is a dash while no order has been signed', () => {
    expect(leadTimeFigure({ count: 0 }, 'en')).toEqual({ value: '—' })
  })
})
