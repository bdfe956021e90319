import { describe, expect, it } from 'vitest'
import { every, everyAt } from './every.ts'
import { VirtualClock } from './virtual-clock.ts'

function nothingWaits(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

describe('every', () => {
  it('works again when it is done and the instant has come', async () => {
    const clock = new VirtualClock(0)
    const begun: number[] = []
    let finish = Promise.withResolvers<void>()
    const work = (): Promise<void> => {
      begun.push(clock.now())
      return finish.promise
    }
    const stop = every(clock, 10, work, () => undefined)
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
      10,
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
      10,
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

describe('every, when the wall clock is set', () => {
  it('goes on as if nothing had happened', async () => {
    const clock = new VirtualClock(1_000_000)
    const begun: number[] = []
    const stop = every(
      clock,
      10,
      () => void begun.push(clock.elapsed()),
      () => undefined,
    )
    clock.set(0)
    clock.advanceTo(10)
    await nothingWaits()
    clock.set(5_000_000)
    await nothingWaits()
    clock.advanceTo(5_000_010)
    expect(begun).toEqual([10, 20])
    await stop()
  })
})

describe('at instants of the wall clock', () => {
  const nextHundred = (now: number) => (Math.floor(now / 100) + 1) * 100

  it('works when one has come', async () => {
    const clock = new VirtualClock(30)
    const begun: number[] = []
    const stop = everyAt(
      clock,
      nextHundred,
      () => void begun.push(clock.now()),
      () => undefined,
    )
    clock.advanceTo(150)
    await nothingWaits()
    clock.advanceTo(250)
    expect(begun).toEqual([100, 200])
    await stop()
    clock.advanceTo(1000)
    expect(begun).toEqual([100, 200])
  })

  it('follows a clock that is set, and does not make up for what it was set over', async () => {
    const clock = new VirtualClock(1_030)
    const begun: number[] = []
    const stop = everyAt(
      clock,
      nextHundred,
      () => void begun.push(clock.now()),
      () => undefined,
    )
    clock.set(50)
    clock.advanceTo(100)
    await nothingWaits()
    clock.set(950)
    await nothingWaits()
    clock.advanceTo(1000)
    expect(begun).toEqual([100, 1000])
    await stop()
  })
})
