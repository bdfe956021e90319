import { shedWork } from '@stagewatch/shared/contract/server-status.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boardCadenceMs, isShed, loadLimits, nextLoad, noLoad, retryAfterS } from './load-level.ts'
import type { LoadSample, LoadState } from './load-level.ts'

const sampleEveryMs = 100
const idle: LoadSample = { lagMs: 0, acceptMs: 0, waiting: 0, memoryRatio: 0.3 }
const busy: LoadSample = { ...idle, lagMs: loadLimits.lagMs, waiting: 30 }

/** The levels after each of the samples, taken every 100 ms, or later by their lag. */
function levels(samples: readonly LoadSample[], from: LoadState = noLoad, at = 0): number[] {
  let state = from
  let now = at
  return samples.map((sample) => {
    now += sampleEveryMs + sample.lagMs
    state = nextLoad(state, sample, now)
    return state.level
  })
}

const times = (count: number, sample: LoadSample): LoadSample[] => Array.from({ length: count }, () => sample)

describe('the load level', () => {
  it('stays at nothing given up while every second turn of the event loop is short', () => {
    const samples = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? { ...idle, lagMs: 900 } : idle))
    expect(Math.max(...levels(samples))).toBe(0)
  })

  it('does not rise for one turn of the event loop, however long it takes', () => {
    expect(levels([idle, { ...idle, lagMs: 60_000 }, idle, { ...idle, lagMs: 60_000 }, idle])).toEqual([0, 0, 0, 0, 0])
  })

  it('rises after a second of overload, and then every half second, by more the further the load is above', () => {
    expect(levels(times(9, busy))).toEqual([0, 0, 0, 0, 1, 1, 2, 2, 3])
    expect(levels(times(12, { ...idle, acceptMs: loadLimits.acceptMs })).at(-1)).toBe(1)
    const waiting = { ...idle, waiting: 4 * loadLimits.waiting }
    const risen = levels(times(40, waiting))
    expect(risen.findIndex((level) => level > 0)).toBe(10)
    expect(risen[10]).toBe(3)
    expect(risen.at(-1)).toBe(shedWork.length)
  })

  it('is back at nothing within five seconds of calm, one level at a time', () => {
    const fallen = levels(times(50, idle), { level: shedWork.length })
    expect(fallen.at(-1)).toBe(0)
    expect(fallen.indexOf(0)).toBeLessThan(45)
    fallen.forEach((level, i) => expect((fallen[i - 1] ?? shedWork.length) - level).toBeLessThanOrEqual(1))
  })

  it('stays while the load is below the limit and above its half', () => {
    const between = { ...idle, lagMs: loadLimits.lagMs * 0.7 }
    expect(new Set(levels(times(100, between), { level: 3 }))).toEqual(new Set([3]))
  })

  it('gives up nothing that anybody waits for while the main thread is slow and few requests wait', () => {
    const starved = { ...idle, lagMs: 800, acceptMs: 1_900, waiting: 5 }
    expect(Math.max(...levels(times(100, starved)))).toBe(shedWork.indexOf('slowBoards') + 1)
    expect(Math.max(...levels(times(6, starved)))).toBe(0)
    expect(Math.max(...levels(times(100, { ...starved, lagMs: 390, acceptMs: 900 })))).toBe(0)
    // What demand had caused before ends, although the main thread is still slow.
    expect(levels(times(100, starved), { level: shedWork.length }).at(-1)).toBe(shedWork.indexOf('slowBoards') + 1)
    expect(levels(times(100, { ...starved, waiting: 20 })).at(-1)).toBe(shedWork.length)
    expect(levels(times(100, { ...starved, acceptMs: 3_000 })).at(-1)).toBe(shedWork.length)
  })

  it('stops what needs more memory when it runs short, and events only at the very end', () => {
    const level = (memoryRatio: number) => levels(times(200, { ...idle, memoryRatio })).at(-1)
    expect(level(0.8)).toBe(0)
    expect(level(0.86)).toBe(shedWork.indexOf('history') + 1)
    expect(level(0.93)).toBe(shedWork.indexOf('sockets') + 1)
    expect(level(0.98)).toBe(shedWork.indexOf('events') + 1)
  })

  it('does not change with every sample while memory is around a threshold', () => {
    const around = Array.from({ length: 400 }, (_, i) => ({ ...idle, memoryRatio: i % 40 < 20 ? 0.86 : 0.84 }))
    const changes = levels(around).filter((level, i, all) => level !== (all[i - 1] ?? 0))
    expect(changes).toEqual([1, 2])
  })

  const anySample = fc.record({
    lagMs: fc.integer({ min: 0, max: 3_000 }),
    acceptMs: fc.integer({ min: 0, max: 10_000 }),
    waiting: fc.integer({ min: 0, max: 2_000 }),
    memoryRatio: fc.double({ min: 0, max: 1.2, noNaN: true }),
  })

  it('is always one of the levels, never falls by more than one, and rises only at a high sample', () => {
    fc.assert(
      fc.property(fc.array(anySample, { maxLength: 200 }), (samples) => {
        let state: LoadState = noLoad
        let now = 0
        for (const sample of samples) {
          now += sampleEveryMs + sample.lagMs
          const next = nextLoad(state, sample, now)
          const isCalm =
            sample.lagMs < loadLimits.lagMs &&
            sample.acceptMs < loadLimits.acceptMs &&
            sample.waiting < loadLimits.waiting &&
            sample.memoryRatio < 0.85
          expect(next.level).toBeGreaterThanOrEqual(0)
          expect(next.level).toBeLessThanOrEqual(shedWork.length)
          expect(state.level - next.level).toBeLessThanOrEqual(1)
          expect(isCalm && next.level > state.level).toBe(false)
          state = next
        }
        const settled = levels(times(60, idle), state, now)
        expect(settled.at(-1)).toBe(0)
      }),
    )
  })

  it('gives up what the order names, and everything before it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: shedWork.length }), (level) => {
        expect(shedWork.filter((work) => isShed(work, level))).toEqual(shedWork.slice(0, level))
      }),
    )
    expect([0, 1, 2, 3, 4, 8].map(boardCadenceMs)).toEqual([250, 250, 250, 1_000, 5_000, 5_000])
  })

  it('asks for a retry after one to five seconds, spread evenly', () => {
    expect([0, 0.19, 0.2, 0.5, 0.999, 1].map(retryAfterS)).toEqual([1, 1, 2, 3, 5, 5])
  })
})
