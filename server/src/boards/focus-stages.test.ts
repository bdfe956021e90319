import { describe, expect, it } from 'vitest'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { boardOf, shipping } from './testing/board-of.ts'
import { contradictions } from './testing/contradictions.ts'
import { fedEngine } from './testing/fed-engine.ts'

const hourMs = 3_600_000
const now = Date.parse('2026-11-20T09:13:00+08:00')

const many = (count: number, stage: string, ageMs: number) =>
  Array.from({ length: count }, (_, i) => ({ order: `${stage}-${i}`, stage, ageMs: ageMs + i * 1000 }))

describe('a stage in focus', () => {
  it('lists its own orders, also when the worst of the site are all in another stage', () => {
    const engine = fedEngine(shipping, [...many(70, 'picking', 90 * hourMs), ...many(20, 'packing', 2 * hourMs)], now)
    const board = boardOf(engine, 'default', now)
    expect(Object.values(board.overdue.rows).every(({ stage }) => stage === 'picking')).toBe(true)
    const { overdue, ageing } = board.focus!['packing']!
    expect(overdue).toMatchObject({ total: 20, order: expect.arrayContaining(['packing-19']) })
    expect(overdue.order).toHaveLength(16)
    expect(ageing).toMatchObject({ stepMs: 5 * 60_000, limitAt: 0 })
    expect(contradictions(board)).toEqual([])
  })

  it('plots every order that has a limit, those on track too', () => {
    const orders = [
      { order: 'A', stage: 'picking', ageMs: hourMs / 2 },
      { order: 'B', stage: 'picking', ageMs: 2.5 * hourMs },
      { order: 'C', stage: 'picking', ageMs: 3.2 * hourMs },
    ]
    const { ageing } = boardOf(fedEngine(shipping, orders, now), 'default', now).focus!['picking']!
    expect(ageing.stepMs).toBe(15 * 60_000)
    expect(ageing.bins[ageing.limitAt - 10]).toEqual({ onTrack: 1 })
    expect(ageing.bins[ageing.limitAt - 2]).toEqual({ atRisk: 1 })
    expect(ageing.bins[ageing.limitAt]).toEqual({ overdue: 1 })
    expect(ageing.bins.flatMap((bin) => Object.values(bin))).toHaveLength(3)
  })

  it('plots only what is late or soon will be in a stage of more than two thousand orders, and counts the others', () => {
    const ageingOf = (onTrack: number) => {
      const orders = [...many(2, 'picking', 3.2 * hourMs), ...many(3, 'picking', 2.5 * hourMs)].map((order, i) => {
        return { ...order, order: `late ${i}` }
      })
      const engine = fedEngine(shipping, [...orders, ...many(onTrack, 'picking', 0)], now)
      return boardOf(engine, 'default', now).focus!['picking']!.ageing
    }
    const total = ({ bins }: ReturnType<typeof ageingOf>) =>
      bins.flatMap((bin) => Object.values(bin)).reduce((sum, count) => sum + count, 0)
    const [most, tooMany] = [ageingOf(1_995), ageingOf(1_996)]
    expect([total(most), total(tooMany)]).toEqual([2_000, 5])
    expect(most).not.toHaveProperty('leftOut')
    expect(tooMany.leftOut).toBe(1_996)
  })

  it('is one of a few, however many stages have something overdue', () => {
    const stages = Array.from({ length: 40 }, (_, i) => ({ ...plainStage(`S${i}`), targetMs: hourMs }))
    const orders = stages.flatMap(({ code }, i) => many(1 + i, code, 2 * hourMs))
    const board = boardOf(fedEngine({ ...shipping, stages }, orders, now), 'default', now)
    expect(Object.keys(board.focus!).length).toBeLessThanOrEqual(6)
    expect(board.focus).toHaveProperty('S39')
  })

  it('is among the three with the most overdue orders or the two with the largest part of their orders overdue', () => {
    const counts = { A: [30, 40], B: [25, 30], C: [20, 20], D: [15, 10], E: [3, 1], F: [2, 1], G: [1, 0], H: [0, 5] }
    const stages = Object.keys(counts).map((code) => ({ ...plainStage(code), targetMs: hourMs }))
    const orders = Object.entries(counts).flatMap(([code, [overdue = 0, onTrack = 0]]) => [
      ...many(overdue, code, 2 * hourMs),
      ...many(onTrack, code, 0).map((order) => ({ ...order, order: `${order.order} on track` })),
    ])
    const { focus } = boardOf(fedEngine({ ...shipping, stages }, orders, now), 'default', now)
    expect(Object.keys(focus!).toSorted()).toEqual(['A', 'B', 'C', 'E', 'G'])
  })
})

describe('the stage of the newest breach', () => {
  it('is one of those in focus, also when others are far worse', () => {
    const stages = Array.from({ length: 10 }, (_, i) => ({ ...plainStage(`S${i}`), targetMs: hourMs }))
    const worse = stages.slice(1).flatMap(({ code }) => many(9, code, 2 * hourMs))
    const pale = [...many(20, 'S0', hourMs / 2), { order: 'newest', stage: 'S0', ageMs: hourMs + 60_000 }]
    const board = boardOf(fedEngine({ ...shipping, stages }, [...worse, ...pale], now), 'default', now)
    expect(board.newestBreach?.row.order).toBe('newest')
    expect(Object.keys(board.focus!)).toContain('S0')
    const calm = [...many(20, 'S0', hourMs / 2), { order: 'older', stage: 'S0', ageMs: hourMs + 11 * 60_000 }]
    expect(
      boardOf(fedEngine({ ...shipping, stages }, [...worse, ...calm], now), 'default', now).focus,
    ).not.toHaveProperty('S0')
  })
})

describe('how long it takes until an order stalls', () => {
  it('is reported if it is the same in all stages', () => {
    const afterMs = (...limits: (number | undefined)[]) => {
      const stages = limits.map((stallAfterMs, i) => ({
        ...plainStage(`S${i}`),
        ...(stallAfterMs && { stallAfterMs }),
      }))
      return boardOf(fedEngine({ ...shipping, stages }, [], now), 'default', now).kpis.stalled.afterMs
    }
    expect([
      afterMs(hourMs, hourMs),
      afterMs(hourMs, 2 * hourMs),
      afterMs(hourMs, undefined),
      afterMs(undefined),
    ]).toEqual([hourMs, undefined, undefined, undefined])
  })
})

describe('a board of a process without limits', () => {
  const withoutLimits = { ...shipping, stages: shipping.stages.map(({ code }) => plainStage(code)) }
  const orders = [...many(3, 'picking', 16 * 24 * hourMs), ...many(2, 'packing', hourMs)]

  it('says that no stage has a limit', () => {
    const { kpis, stages, focus } = boardOf(fedEngine(withoutLimits, orders, now), 'default', now)
    expect(kpis.overdue).toMatchObject({ count: 0, judged: 0 })
    expect(kpis.atRisk).toMatchObject({ count: 0, judged: 0 })
    expect(kpis.stalled).toMatchObject({ count: 0, judged: 0 })
    expect(stages['picking']).toMatchObject({ wip: 3, withoutLimit: 3, unjudged: true })
    expect(stages['shipped']).toMatchObject({ wip: 0, unjudged: true })
    expect(focus).toEqual({})
  })

  it('names the stages without a limit when others have one', () => {
    const { kpis, stages } = boardOf(
      fedEngine(shipping, [...orders, ...many(4, 'labelling', hourMs)], now),
      'default',
      now,
    )
    expect(kpis.overdue).toMatchObject({ count: 3, judged: 5 })
    expect(stages['labelling']).toMatchObject({ withoutLimit: 4, unjudged: true })
    expect(stages['picking']).not.toHaveProperty('withoutLimit')
    expect(stages['picking']).not.toHaveProperty('unjudged')
    expect(stages['shipped']).not.toHaveProperty('unjudged')
  })
})

describe('the last movement of a board', () => {
  it('is the day on which an order last came or moved', () => {
    const last = (orders: Parameters<typeof fedEngine>[1]) =>
      boardOf(fedEngine(shipping, orders, now), 'default', now).lastMovedOn
    expect(last(many(3, 'picking', 400 * 24 * hourMs))).toBe(Date.parse('2025-10-16T00:00:00+08:00'))
    expect(last([...many(3, 'picking', 400 * 24 * hourMs), ...many(1, 'packing', 0)])).toBe(
      Date.parse('2026-11-20T00:00:00+08:00'),
    )
    expect(last([])).toBeUndefined()
  })
})
