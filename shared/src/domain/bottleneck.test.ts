import { describe, expect, it } from 'vitest'
import { chooseBottleneck, type BottleneckMemory, type BottleneckStage } from './bottleneck.ts'

const minute = 60_000

/** 40 orders, of which four may be overdue; it grows by `net` of ten arrivals. */
function stage(code: string, overdueCount: number, net = 5): BottleneckStage {
  return { stage: code, wipCount: 40, overdueCount, toleranceRatio: 0.1, arrivalsToday: 10, departuresToday: 10 - net }
}

describe('the frame', () => {
  const holds = (stages: BottleneckStage[], memory: BottleneckMemory = {}, now = 0) =>
    chooseBottleneck(stages, memory, now).holder

  it('takes the stage with most overdue, weighted by its growth', () => {
    expect(holds([stage('a', 6), stage('b', 9)])).toBe('b')
    expect(holds([stage('a', 8, 9), stage('b', 9, 1)])).toBe('a')
  })

  it('passes over a stage below its tolerance, with fewer than three overdue, or that does not grow', () => {
    expect(holds([stage('a', 3)])).toBeUndefined()
    expect(holds([{ ...stage('a', 2), wipCount: 4 }])).toBeUndefined()
    expect(holds([stage('a', 9, 0)])).toBeUndefined()
    expect(holds([stage('a', 4)])).toBe('a')
  })

  it('leaves a stage that is no candidate any more at once', () => {
    expect(holds([stage('a', 1), stage('b', 5)], { holder: 'a' })).toBe('b')
    expect(holds([stage('a', 9, 0)], { holder: 'a' })).toBeUndefined()
  })
})

describe('another stage', () => {
  const rivals = (overdueCount: number) => [stage('a', 10), stage('b', overdueCount)]

  it('does not take the frame with a lead of less than a fifth', () => {
    expect(chooseBottleneck(rivals(11), { holder: 'a' }, 0)).toEqual({ holder: 'a' })
  })

  it('takes it after it has led for ten minutes', () => {
    const noticed = chooseBottleneck(rivals(12), { holder: 'a' }, 0)
    expect(noticed).toEqual({ holder: 'a', challenger: { stage: 'b', since: 0 } })
    const waiting = chooseBottleneck(rivals(13), noticed, 10 * minute - 1)
    expect(waiting).toEqual(noticed)
    expect(chooseBottleneck(rivals(13), waiting, 10 * minute)).toEqual({ holder: 'b' })
  })

  it('begins anew when it has lost its lead in between', () => {
    const noticed = chooseBottleneck(rivals(12), { holder: 'a' }, 0)
    const behind = chooseBottleneck(rivals(10), noticed, 5 * minute)
    expect(behind).toEqual({ holder: 'a' })
    expect(chooseBottleneck(rivals(12), behind, 12 * minute).holder).toBe('a')
  })
})
