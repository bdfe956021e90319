import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { ReusedResults } from './reused-results.ts'

const site = {}

function counting(takesMs = 0) {
  const clock = new VirtualClock(0)
  let count = 0
  const results = new ReusedResults(clock, async () => {
    clock.advanceTo(clock.now() + takesMs)
    count += 1
    await Promise.resolve()
    return count
  })
  return { clock, results }
}

describe('a result that is used again', () => {
  it('is computed once for all who ask within a minute', async () => {
    const { clock, results } = counting()
    expect(await Promise.all([results.get(site), results.get(site)])).toEqual([1, 1])
    clock.advanceTo(59_999)
    expect(await results.get(site)).toBe(1)
    clock.advanceTo(60_000)
    expect(await results.get(site)).toBe(2)
  })

  it('is used for longer if it took long', async () => {
    const { clock, results } = counting(10_000)
    expect(await results.get(site)).toBe(1)
    clock.advanceTo(clock.now() + 199_000)
    expect(await results.get(site)).toBe(1)
    clock.advanceTo(clock.now() + 1_001)
    expect(await results.get(site)).toBe(2)
  })

  it('belongs to one subject', async () => {
    const { results } = counting()
    expect([await results.get(site), await results.get({})]).toEqual([1, 2])
  })

  it('is computed again after a failure', async () => {
    let count = 0
    const results = new ReusedResults(new VirtualClock(0), () => {
      count += 1
      return count === 1 ? Promise.reject(new Error('away')) : Promise.resolve(count)
    })
    await expect(results.get(site)).rejects.toThrow('away')
    expect(await results.get(site)).toBe(2)
  })
})
