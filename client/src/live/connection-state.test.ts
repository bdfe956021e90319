import { describe, expect, it } from 'vitest'
import { newConnection, shownTime } from './connection-state.ts'
import { freshness } from '../api/freshness.ts'

describe('freshness', () => {
  it('passes from none through live and late to lost by the age of the last confirmation', () => {
    expect(freshness(undefined, 90_000)).toBe('none')
    expect(freshness(1_000, 1_000)).toBe('live')
    expect(freshness(1_000, 5_999)).toBe('live')
    expect(freshness(1_000, 6_000)).toBe('late')
    expect(freshness(1_000, 15_999)).toBe('late')
    expect(freshness(1_000, 16_000)).toBe('lost')
  })

  it('is live again with the next confirmation', () => {
    expect(freshness(60_000, 60_500)).toBe('live')
  })
})

describe('the time that counters count to', () => {
  const state = { ...newConnection(0), confirmedAt: 10_000, serverOffsetMs: 1_000_000 }

  it('runs with the server while the picture is live or late', () => {
    expect(shownTime(state, 12_000)).toMatchObject({ freshness: 'live', shownNow: 1_012_000 })
    expect(shownTime(state, 20_000)).toMatchObject({ freshness: 'late', shownNow: 1_020_000 })
  })

  it('freezes at the last confirmation when the connection is lost, while the header clock continues', () => {
    expect(shownTime(state, 40_000)).toEqual({
      freshness: 'lost',
      lostLink: 'connection',
      shownNow: 1_010_000,
      serverNow: 1_040_000,
      ageMs: 30_000,
    })
  })

  it('freezes at the age of the data when the server cannot read its database, even on a good connection', () => {
    const stale = { ...state, dataAsOf: 1_004_000 }
    expect(shownTime(stale, 12_000)).toEqual({
      freshness: 'lost',
      lostLink: 'database',
      shownNow: 1_004_000,
      serverNow: 1_012_000,
      ageMs: 8_000,
    })
    expect(shownTime(stale, 40_000)).toMatchObject({ lostLink: 'connection', shownNow: 1_004_000, ageMs: 30_000 })
  })

  it('is unknown before the server has reported it', () => {
    expect(shownTime(newConnection(0), 5_000)).toEqual({ freshness: 'none' })
  })
})
