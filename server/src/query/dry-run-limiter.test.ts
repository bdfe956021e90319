import { describe, expect, it } from 'vitest'
import { DryRunLimiter } from './dry-run-limiter.ts'

describe('dry runs at the same time', () => {
  it('are one for each caller, and two for all of them', () => {
    const limiter = new DryRunLimiter()
    const endAda = limiter.begin('ada')
    expect(() => limiter.begin('ada')).toThrow('yours')
    const endBob = limiter.begin('bob')
    expect(() => limiter.begin('carl')).toThrow('dry runs of other users')
    endAda()
    expect(limiter.usage).toEqual({ size: 1, limit: 2 })
    limiter.begin('carl')
    endBob()
    // Ending twice, as a failing connection may do, does not free another caller's slot.
    endBob()
    expect(limiter.usage.size).toBe(1)
  })
})
