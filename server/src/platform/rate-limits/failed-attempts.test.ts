import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../clock/virtual-clock.ts'
import { FailedAttempts } from './failed-attempts.ts'

function failing(times: number, address = '10.0.0.1') {
  const clock = new VirtualClock(1_000_000)
  const attempts = new FailedAttempts(clock)
  for (let i = 0; i < times; i++) attempts.add(address)
  return { clock, attempts }
}

describe('failed attempts', () => {
  it('an address may fail nineteen times', () => {
    expect(failing(19).attempts.waitS('10.0.0.1')).toBeUndefined()
  })

  it('after the twentieth failure an address waits until its minute is over', () => {
    const { clock, attempts } = failing(20)
    expect(attempts.waitS('10.0.0.1')).toBe(60)
    clock.advanceTo(1_059_999)
    expect(attempts.waitS('10.0.0.1')).toBe(1)
    clock.advanceTo(1_060_000)
    expect(attempts.waitS('10.0.0.1')).toBeUndefined()
  })

  it('failures do not affect other addresses', () => {
    expect(failing(20).attempts.waitS('10.0.0.2')).toBeUndefined()
  })

  it('a success resets the count', () => {
    const { attempts } = failing(20)
    attempts.forget('10.0.0.1')
    expect(attempts.waitS('10.0.0.1')).toBeUndefined()
  })

  it('the oldest of ten thousand addresses is evicted', () => {
    const { attempts } = failing(20)
    for (let i = 0; i < 10_000; i++) attempts.add(`10.1.${i >> 8}.${i & 255}`)
    expect(attempts.waitS('10.0.0.1')).toBeUndefined()
  })
})
