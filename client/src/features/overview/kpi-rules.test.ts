import type { OverviewDay } from '@stagewatch/shared/contract/overview.ts'
import { describe, expect, it } from 'vitest'
import {
  atRiskTone,
  judgedCount,
  kpiHistories,
  leadTimeFigure,
  onTimeFigure,
  overdueTone,
  stalledTone,
} from './kpi-rules.ts'
import { linePath } from './sparkline.tsx'

const hourMs = 3_600_000

describe('a figure of the overview', () => {
  it('is red above the ceiling only', () => {
    const overdue = { unclaimed: 0, judged: 90 }
    expect(overdueTone({ ...overdue, count: 25, ceiling: 25 }).isQuiet).toBe(true)
    expect(overdueTone({ ...overdue, count: 26, ceiling: 25 }).isQuiet).toBe(false)
  })

  it('calls for somebody at the first stalled order, and when too many reach their limit soon', () => {
    expect([stalledTone({ count: 0, judged: 5 }).isQuiet, stalledTone({ count: 1, judged: 5 }).isQuiet]).toEqual([
      true,
      false,
    ])
    const atRisk = { count: 40, soonWithinMs: 2 * hourMs }
    expect(atRiskTone({ ...atRisk, soon: 10 }, 10).isQuiet).toBe(true)
    expect(atRiskTone({ ...atRisk, soon: 11 }, 10).isQuiet).toBe(false)
    expect(atRiskTone({ ...atRisk, soon: 11 }, undefined).isQuiet).toBe(true)
  })

  it('is unknown while orders are open of which none has a limit', () => {
    expect([judgedCount(0, 0, 12, 'en'), judgedCount(0, 0, 0, 'en'), judgedCount(3, 12, 12, 'en')]).toEqual([
      '—',
      '0',
      '3',
    ])
  })

  it('says how far it misses its goal, and nothing when it does not', () => {
    expect(onTimeFigure({ promised: 473, onTime: 431, onTimeGoal: 0.95 }, 'en')).toEqual({
      value: '91.1',
      unit: '%',
      miss: '3.9',
    })
    expect(onTimeFigure({ promised: 20, onTime: 20, onTimeGoal: 0.95 }, 'en')).toEqual({ value: '100.0', unit: '%' })
    expect(onTimeFigure({ promised: 4, onTime: 0, onTimeGoal: 0.95 }, 'en')).toEqual({ value: '—' })
    expect(leadTimeFigure({ leadTimeP50Ms: 148.8 * hourMs, leadTimeGoalMs: 132 * hourMs }, 'en')).toEqual({
      value: '6.2',
      unit: 'd',
      miss: '0.7',
    })
    expect(leadTimeFigure({}, 'en')).toEqual({ value: '—' })
  })
})

describe('the history of a figure', () => {
  const day: OverviewDay = { at: 0, overdue: 1, open: 2, arrived: 0, departed: 0, promised: 4, onTime: 3 }
  const now = {
    overdue: { count: 1, unclaimed: 0, judged: 2 },
    stalled: { count: 1, judged: 2 },
    open: { count: 2, held: 0, arrived: 0, departed: 0 },
  }

  it('has a gap where a day says nothing', () => {
    const last = { ...day, promised: 0, onTime: 0, leadTimeP50Ms: 5, atRisk: 3, stalled: 0 }
    const { onTime, leadTime, atRisk, stalled } = kpiHistories({ ...now, days: [day, last] })
    expect({ onTime, leadTime, atRisk, stalled }).toEqual({
      onTime: [0.75, undefined],
      leadTime: [undefined, 5],
      atRisk: [undefined, 3],
      stalled: [undefined, 0],
    })
  })

  it('is of 14 days at the most', () => {
    expect(kpiHistories({ ...now, days: Array.from({ length: 30 }, () => day) }).overdue).toHaveLength(14)
  })

  it('is none where no open order has a limit', () => {
    const days = [{ ...day, atRisk: 0, stalled: 0 }]
    const histories = kpiHistories({ ...now, days, stalled: { count: 0, judged: 0 } })
    expect([histories.overdue, histories.atRisk, histories.stalled]).toEqual([[1], [0], []])
    const unlimited = kpiHistories({ ...now, days, overdue: { ...now.overdue, judged: 0 } })
    expect([unlimited.overdue, unlimited.atRisk, unlimited.open]).toEqual([[], [], [2]])
  })

  it('is drawn without a line over its gaps', () => {
    expect(linePath([{ x: 0, y: 1 }, { x: 1, y: 2 }, undefined, { x: 3, y: 4 }])).toBe('M0.0 1.0L1.0 2.0M3.0 4.0')
  })
})
