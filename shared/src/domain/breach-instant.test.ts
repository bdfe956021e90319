import { describe, expect, it } from 'vitest'
import { breachInstant } from './breach-instant.ts'

const visit = { stage: 'packing', nth: 1, enteredAt: 100, heldMs: 0 }

describe('the instant of a breach', () => {
  it('is a target after entering', () => {
    expect(breachInstant(visit, [], 50)).toBe(150)
  })

  it('moves by a hold before it', () => {
    expect(breachInstant(visit, [{ from: 120, to: 140 }], 50)).toBe(170)
  })

  it('moves by a hold that only the moved instant lies behind', () => {
    const holds = [
      { from: 120, to: 140 },
      { from: 160, to: 165 },
    ]
    expect(breachInstant(visit, holds, 50)).toBe(175)
  })

  it('stays where it was when the order is held after it, or at that very instant', () => {
    expect(breachInstant(visit, [{ from: 180, to: 300 }], 50)).toBe(150)
    expect(breachInstant(visit, [{ from: 150, to: 300 }], 50)).toBe(150)
  })

  it('counts of a hold only what lies within the visit', () => {
    expect(breachInstant(visit, [{ from: 20, to: 110 }], 50)).toBe(160)
    expect(breachInstant(visit, [{ from: 20, to: 90 }], 50)).toBe(150)
  })
})
