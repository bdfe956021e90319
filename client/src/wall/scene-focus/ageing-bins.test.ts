import { describe, expect, it } from 'vitest'
import { listOf, noon } from '../../live/testing/small-board.ts'
import { ageingBins } from './ageing-bins.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const row = listOf(['SO-1']).rows['SO-1']!
const late = (...overMs: number[]) => overMs.map((ms) => ({ ...row, dueAt: noon - ms }))
const counts = (...overMs: number[]) => {
  const { stepMs, limitAt, bins } = ageingBins(late(...overMs), noon)
  return { stepMs, limitAt, bins: bins.map(({ rows }) => rows.length) }
}

describe('the bins of the ageing plot', () => {
  it('begin anew at the limit: an order that is just over stands right of it', () => {
    expect(counts(-1, 0, 4 * minuteMs, 6 * minuteMs)).toEqual({ stepMs: 5 * minuteMs, limitAt: 1, bins: [1, 2, 1] })
  })

  it('are as many as can be told apart, whatever the span', () => {
    for (const most of [1, hourMs, 31 * hourMs, 5_000 * hourMs, 900_000 * hourMs]) {
      const { bins } = counts(-2 * hourMs, most)
      expect(bins.length).toBeLessThanOrEqual(30)
      expect(bins.reduce((sum, count) => sum + count, 0)).toBe(2)
    }
  })

  it('are one without orders', () => {
    expect(counts()).toEqual({ stepMs: 5 * minuteMs, limitAt: 0, bins: [0] })
  })
})
