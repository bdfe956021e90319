import { describe, expect, it } from 'vitest'
import { boardOf, shipping } from './testing/board-of.ts'
import { fedEngine } from './testing/fed-engine.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

describe('the hours of a board', () => {
  const zones = [
    ['Asia/Kolkata', '2026-11-20T09:13:00+05:30', '2026-11-20T09:00:00+05:30'],
    ['Asia/Kathmandu', '2026-11-20T09:13:00+05:45', '2026-11-20T09:00:00+05:45'],
    ['Australia/Lord_Howe', '2026-04-05T03:13:00+10:30', '2026-04-05T03:00:00+10:30'],
  ] as const

  it.each(zones)('turn with the clocks of the site in %s', (zone, at, turn) => {
    const [now, hourAt] = [Date.parse(at), Date.parse(turn)]
    const overMs = 3 * hourMs
    const entered = (order: string, sinceTurnMs: number) => ({
      order,
      stage: 'picking',
      ageMs: now - hourAt - sinceTurnMs,
    })
    // A target of three hours: one of the two orders from before the hour passed its limit a minute before the hour.
    const orders = [entered('A', -overMs - minuteMs), entered('B', -minuteMs), entered('C', minuteMs)]
    const { heatmap, trend } = boardOf(fedEngine(shipping, orders, now, zone), 'default', now)
    expect(heatmap.marks[0]).toBe(hourAt)
    expect(heatmap.cells['picking']![0]).toEqual({ wip: 2, overdue: 1 })
    expect(trend.stepMs).toBe(30 * minuteMs)
    expect(trend.today.at(-1)).toBe(1)
  })
})
