import { describe, expect, it } from 'vitest'
import { chooseBottleneck, type BottleneckMemory, type BottleneckStage } from './bottleneck.ts'

const minute = 60_000

/** A stage with 40 orders, of which four may be overdue; it has grown by `recentNet` of ten arrivals. */
function stage(code: string, overdueCount: number, recentNet = 0): BottleneckStage {
  return { stage: code, wipCount: 40, overdueCount, toleranceRatio: 0.1, recentArrivals: 10, recentNet }
}

const holds = (stages: BottleneckStage[], memory: BottleneckMemory = {}, now = 0) =>
  chooseBottleneck(stages, memory, now).holder

describe('the frame', () => {
  it('takes the stage with most overdue, weighted by its breach share and its growth', () => {
    expect(holds([stage('a', 6), stage('b', 9)])).toBe('b')
    expect(holds([stage('a', 8, 5), stage('b', 9)])).toBe('a')
    expect(holds([stage('a', 9), { ...stage('b', 7), wipCount: 21 }])).toBe('b')
    expect(holds([stage('a', 9), { ...stage('b', 8), toleranceRatio: 0.05 }])).toBe('b')
  })

  it('takes the first of two that are as strong', () => {
    expect(holds([stage('b', 9), stage('a', 9)])).toBe('b')
  })

  it('passes over a stage below its tolerance, or with fewer than three overdue', () => {
    expect(holds([stage('a', 3)])).toBeUndefined()
    expect(holds([{ ...stage('a', 2), wipCount: 4 }])).toBeUndefined()
    expect(holds([stage('a', 4)])).toBe('a')
    expect(holds([{ ...stage('a', 3), wipCount: 30 }])).toBe('a')
  })

  it('stands just after midnight on the column with 33 %, although only its neighbour with 17 % has grown today', () => {
    const paler: BottleneckStage = { ...stage('paler', 6, 1), wipCount: 35, recentArrivals: 30 }
    const darker: BottleneckStage = { ...stage('darker', 7, -2), wipCount: 21, recentArrivals: 30 }
    expect(holds([paler, darker])).toBe('darker')
  })

  it('stands on a stage that shrinks or rests, at half its strength at least', () => {
    expect(holds([stage('a', 9, -500)])).toBe('a')
    expect(holds([{ ...stage('a', 9), recentArrivals: 0, recentNet: -3 }])).toBe('a')
    expect(holds([stage('a', 20, -500), stage('b', 13)])).toBe('a')
    expect(holds([stage('a', 20, -500), stage('b', 15)])).toBe('b')
  })

  it('counts a tolerance of nothing as a small one', () => {
    expect(
      holds([
        { ...stage('a', 3), toleranceRatio: 0 },
        { ...stage('b', 4), toleranceRatio: 0 },
      ]),
    ).toBe('b')
  })

  it('leaves a stage that is no candidate any more at once', () => {
    expect(holds([stage('a', 1), stage('b', 5)], { holder: 'a' })).toBe('b')
    expect(holds([stage('a', 2)], { holder: 'a' })).toBeUndefined()
  })
})

describe('another stage', () => {
  /** Strength is proportional to the square of the number of overdue orders. */
  const rivals = (overdueCount: number) => [stage('a', 10), stage('b', overdueCount)]

  it('does not take the frame with a lead of less than a fifth', () => {
    expect(chooseBottleneck(rivals(10.9), { holder: 'a' }, 0)).toEqual({ holder: 'a' })
  })

  it('takes it after it has led for ten minutes', () => {
    const noticed = chooseBottleneck(rivals(12), { holder: 'a' }, 0)
    expect(noticed).toEqual({ holder: 'a', challenger: { stage: 'b', since: 0 } })
    const waiting = chooseBottleneck(rivals(13), noticed, 10 * minute - 1)
    expect(waiting).toEqual(noticed)
    expect(chooseBottleneck(rivals(13), waiting, 10 * minute)).toEqual({ holder: 'b' })
  })

  it('starts again after it has lost its lead', () => {
    const noticed = chooseBottleneck(rivals(12), { holder: 'a' }, 0)
    const behind = chooseBottleneck(rivals(10), noticed, 5 * minute)
    expect(behind).toEqual({ holder: 'a' })
    expect(chooseBottleneck(rivals(12), behind, 12 * minute).holder).toBe('a')
  })
})
