import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from './clock.ts'

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

  it('calls back within a minute when the machine has slept over the instant', () => {
    const callback = vi.fn<() => void>()
    systemClock.at(systemClock.now() + day, callback)
    vi.setSystemTime(systemClock.now() + 2 * day)
    vi.advanceTimersByTime(60_000)
    expect(callback).toHaveBeenCalledOnce()
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
