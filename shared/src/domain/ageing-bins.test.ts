import { describe, expect, it } from 'vitest'
import { ageingBins } from './ageing-bins.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const overdue = (...overMs: number[]) => ageingBins(overMs.map((ms) => ({ overMs: ms, state: 'overdue' })))

describe('the bins of the ageing plot', () => {
  it('restart at the limit: an order just over it is to its right', () => {
    expect(overdue(-1, 0, 4 * minuteMs, 6 * minuteMs)).toEqual({
      stepMs: 5 * minuteMs,
      limitAt: 1,
      bins: [{ overdue: 1 }, { overdue: 2 }, { overdue: 1 }],
    })
  })

  it('are as many as can be distinguished, whatever the span', () => {
    for (const most of [1, hourMs, 31 * hourMs, 5_000 * hourMs, 900_000 * hourMs]) {
      const { bins } = overdue(-2 * hourMs, most)
      expect(bins.length).toBeLessThanOrEqual(30)
      expect(bins.reduce((sum, bin) => sum + (bin.overdue ?? 0), 0)).toBe(2)
    }
  })

  it('count by state', () => {
    const { bins } = ageingBins([
      { overMs: -1, state: 'onTrack' },
      { overMs: -1, state: 'atRisk' },
      { overMs: -2, state: 'onTrack' },
    ])
    expect(bins).toEqual([{ onTrack: 2, atRisk: 1 }, {}])
  })

  it('are one without orders', () => {
    expect(overdue()).toEqual({ stepMs: 5 * minuteMs, limitAt: 0, bins: [{}] })
  })
})
