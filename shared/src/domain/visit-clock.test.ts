import { describe, expect, it } from 'vitest'
import { alwaysOpen } from './time/always-open.ts'
import { clockInstant, clockMs, holdsOf } from './visit-clock.ts'

const visit = { enteredAt: 100 }
const breach = (...holds: readonly (readonly [number, number])[]) =>
  clockInstant(
    visit,
    holds.map(([from, to]) => ({ from, to })),
    alwaysOpen,
    50,
  )

describe('the instant at which a clock shows its target', () => {
  it('is a target after entering', () => {
    expect(breach()).toBe(150)
  })

  it('moves by a hold before it, and by one that only the moved instant lies behind', () => {
    expect(breach([120, 140])).toBe(170)
    expect(breach([120, 140], [160, 165])).toBe(175)
  })

  it('stays where it was when the order is held after it, or at that very instant', () => {
    expect(breach([180, 300])).toBe(150)
    expect(breach([150, 300])).toBe(150)
  })

  it('counts of a hold only what lies within the visit', () => {
    expect(breach([20, 110])).toBe(160)
    expect(breach([20, 90])).toBe(150)
  })

  it('does not come while a hold goes on that began before it', () => {
    expect(breach([120, Infinity])).toBeUndefined()
    expect(breach([150, Infinity])).toBe(150)
  })
})

it('a clock shows the time since entering without holds, up to leaving', () => {
  const holds = holdsOf({ holds: [{ from: 120, to: 140 }], heldSince: 170 })
  expect(clockMs(visit, holds, alwaysOpen, 130)).toBe(20)
  expect(clockMs(visit, holds, alwaysOpen, 160)).toBe(40)
  expect(clockMs(visit, holds, alwaysOpen, 900)).toBe(50)
  expect(clockMs({ ...visit, leftAt: 160 }, holds, alwaysOpen, 900)).toBe(40)
})
