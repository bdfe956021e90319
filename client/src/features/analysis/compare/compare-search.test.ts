import { describe, expect, it } from 'vitest'
import { comparedDays, periodsAsked } from './compare-search.ts'

const none = { beforeFrom: undefined, beforeTo: undefined, measure: undefined }

describe('the days that are compared', () => {
  it('are those of the page without today, and as many right before', () => {
    expect(comparedDays(none, { from: '2026-11-14', to: '2026-11-27' }, '2026-11-27')).toEqual({
      before: { from: '2026-11-01', to: '2026-11-13' },
      after: { from: '2026-11-14', to: '2026-11-26' },
    })
  })

  it('may be others', () => {
    const chosen = { ...none, beforeFrom: '2025-11-14', beforeTo: '2025-11-20' }
    expect(comparedDays(chosen, { from: '2026-11-14', to: '2026-11-20' }, '2026-11-27')?.before).toEqual({
      from: '2025-11-14',
      to: '2025-11-20',
    })
  })

  it('are none while the only day is not over', () => {
    expect(comparedDays(none, { from: '2026-11-27', to: '2026-11-27' }, '2026-11-27')).toBeUndefined()
  })

  it('begin and end with days of the site', () => {
    const days = { before: { from: '2026-10-24', to: '2026-10-24' }, after: { from: '2026-10-25', to: '2026-10-25' } }
    // Clocks are set back in the early morning of the 25th.
    expect(periodsAsked(days, 'Europe/Berlin')).toEqual({
      beforeFrom: '2026-10-23T22:00:00.000Z',
      beforeTo: '2026-10-24T22:00:00.000Z',
      afterFrom: '2026-10-24T22:00:00.000Z',
      afterTo: '2026-10-25T23:00:00.000Z',
    })
  })
})
