import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ClockSteps } from './clock-steps.ts'
import { SystemClock, systemClock } from './clock.ts'
import type { ClockStep } from './clock.ts'

const day = 24 * 3_600_000

describe('system clock', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
  afterEach(() => void vi.useRealTimers())

  it('calls back once, when the instant has come', () => {
    const callback = vi.fn<() => void>()
    systemClock.at(systemClock.now() + 500, callback)
    vi.advanceTimersByTime(499)
    expect(callback).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(callback).toHaveBeenCalledOnce()
    vi.advanceTimersByTime(day)
    expect(callback).toHaveBeenCalledOnce()
  })

  it('calls back soon when the instant has passed', () => {
    const callback = vi.fn<() => void>()
    systemClock.at(0, callback)
    expect(callback).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(callback).toHaveBeenCalledOnce()
  })

  it('calls back soon when the machine has slept over the instant', () => {
    const callback = vi.fn<() => void>()
    const stop = systemClock.onStep(() => undefined)
    systemClock.at(systemClock.now() + day, callback)
    vi.setSystemTime(systemClock.now() + 2 * day)
    vi.advanceTimersByTime(2_000)
    expect(callback).toHaveBeenCalledOnce()
    stop()
  })

  it('calls back within a minute when it has and nobody listens for that', () => {
    const callback = vi.fn<() => void>()
    systemClock.at(systemClock.now() + day, callback)
    vi.setSystemTime(systemClock.now() + 2 * day)
    vi.advanceTimersByTime(60_000)
    expect(callback).toHaveBeenCalledOnce()
  })

  it('waits for an instant of the new time when the clock is set back, and for a while as long as it takes', () => {
    const [atInstant, afterWhile] = [vi.fn<() => void>(), vi.fn<() => void>()]
    systemClock.at(systemClock.now() + 5_000, atInstant)
    systemClock.after(5_000, afterWhile)
    vi.setSystemTime(systemClock.now() - day)
    vi.advanceTimersByTime(4_999)
    expect(afterWhile).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(afterWhile).toHaveBeenCalledOnce()
    vi.advanceTimersByTime(day - 1)
    expect(atInstant).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(atInstant).toHaveBeenCalledOnce()
  })

  it('tells within a second by how much the clock was set, and nothing of a clock that drifts', () => {
    const steps: ClockStep[] = []
    const stop = systemClock.onStep((step) => steps.push(step))
    for (let i = 0; i < 100; i++) {
      vi.setSystemTime(systemClock.now() + 50)
      vi.advanceTimersByTime(1_000)
    }
    expect(steps).toEqual([])
    vi.setSystemTime(systemClock.now() - 400 * day)
    vi.advanceTimersByTime(1_000)
    expect(steps).toEqual([{ at: systemClock.now(), byMs: -400 * day }])
    vi.setSystemTime(systemClock.now() + 30 * day)
    vi.advanceTimersByTime(1_000)
    expect(steps.map(({ byMs }) => byMs)).toEqual([-400 * day, 30 * day])
    stop()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('reports a step at once to those who ask before the next check, and only once', () => {
    const noticed: ClockStep[] = []
    const steps = new ClockSteps(systemClock, (step) => noticed.push(step))
    expect(steps.recent).toBeUndefined()
    vi.setSystemTime(systemClock.now() - 3_600_000)
    const step = { at: systemClock.now(), byMs: -3_600_000 }
    expect(steps.recent).toEqual(step)
    vi.advanceTimersByTime(5_000)
    expect(noticed).toEqual([step])
    steps.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('survives what a callback throws, reports it and calls the others', () => {
    const errors: unknown[] = []
    const clock = new SystemClock({ onError: (error) => errors.push(error) })
    const fail = (): never => {
      throw new Error('fails')
    }
    const callback = vi.fn<() => void>()
    clock.at(clock.now() + 10, fail)
    clock.after(10, fail)
    const stops = [clock.onStep(fail), clock.onStep(callback)]
    vi.advanceTimersByTime(10)
    expect(errors).toHaveLength(2)
    vi.setSystemTime(clock.now() + day)
    vi.advanceTimersByTime(1_000)
    expect(errors).toHaveLength(3)
    expect(callback).toHaveBeenCalledOnce()
    for (const stop of stops) stop()
  })

  it('waits for longer than a timer of the runtime can', () => {
    const callback = vi.fn<() => void>()
    systemClock.at(systemClock.now() + 60 * day, callback)
    vi.advanceTimersByTime(60 * day - 1)
    expect(callback).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(callback).toHaveBeenCalledOnce()
  })

  it('does not call back when it was cancelled, whenever that was', () => {
    const callback = vi.fn<() => void>()
    const cancel = systemClock.at(systemClock.now() + 60 * day, callback)
    vi.advanceTimersByTime(59 * day)
    cancel()
    vi.advanceTimersByTime(2 * day)
    expect(callback).not.toHaveBeenCalled()
  })
})
