import { describe, expect, it } from 'vitest'
import { every } from './every.ts'
import { VirtualClock } from './virtual-clock.ts'

function nothingWaits(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

const inTen = (now: number) => now + 10

describe('every', () => {
  it('works again when it is done and the instant has come', async () => {
    const clock = new VirtualClock(0)
    const begun: number[] = []
    let finish = Promise.withResolvers<void>()
    const work = (): Promise<void> => {
      begun.push(clock.now())
      return finish.promise
    }
    const stop = every(clock, inTen, work, () => undefined)
    clock.advanceTo(25)
    await nothingWaits()
    expect(begun).toEqual([10])
    finish.resolve()
    finish = Promise.withResolvers<void>()
    await nothingWaits()
    clock.advanceTo(34)
    expect(begun).toEqual([10])
    clock.advanceTo(35)
    expect(begun).toEqual([10, 35])
    finish.resolve()
    await stop()
  })

  it('goes on after a failure, which it reports', async () => {
    const clock = new VirtualClock(0)
    const errors: unknown[] = []
    const stop = every(
      clock,
      inTen,
      () => Promise.reject(new Error(`at ${clock.now()}`)),
      (error) => errors.push(error),
    )
    clock.advanceTo(10)
    await nothingWaits()
    clock.advanceTo(20)
    await nothingWaits()
    expect(errors).toEqual([new Error('at 10'), new Error('at 20')])
    await stop()
  })

  it('has stopped when no work runs any more', async () => {
    const clock = new VirtualClock(0)
    const finish = Promise.withResolvers<void>()
    let begun = 0
    const stop = every(
      clock,
      inTen,
      () => (begun++, finish.promise),
      () => undefined,
    )
    clock.advanceTo(10)
    let stopped = false
    const stopping = stop().then(() => (stopped = true))
    await nothingWaits()
    expect(stopped).toBe(false)
    finish.resolve()
    await stopping
    clock.advanceTo(1000)
    expect(begun).toBe(1)
  })
})
