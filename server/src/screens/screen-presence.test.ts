import type { ScreenReport } from '@stagewatch/shared/contract/screen.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ScreenPresence } from './screen-presence.ts'
import { newUserCode, secretHash, shownUserCode } from './screen-secrets.ts'

const hall = { site: 'main', id: 's1' }
const report: ScreenReport = { build: 'wall-1.js', width: 1920, height: 1080, dataAgeMs: 0, reconnects: 0 }
const now = Date.UTC(2026, 10, 26)

let presence: ScreenPresence
beforeEach(() => (presence = new ScreenPresence()))

describe('a screen', () => {
  it('that never was here is as the table has it, and online for a minute and a half after it was seen', () => {
    expect(presence.lastSeen(hall, now)).toEqual({ online: false })
    const seenAt = (lastSeenAt: number) => presence.lastSeen({ ...hall, lastSeenAt, address: '10.0.0.1', report }, now)
    expect(seenAt(now - 89_999)).toEqual({ online: true, lastSeenAt: now - 89_999, address: '10.0.0.1', report })
    expect(seenAt(now - 90_000).online).toBe(false)
    // The clock was wrong, then or now.
    expect(seenAt(now + 89_999).online).toBe(true)
    expect(seenAt(now + 90_000).online).toBe(false)
  })

  it('is seen now for as long as one of its connections is open, and then when the last one ended', () => {
    const [leaveFirst, leaveSecond] = [presence.join(hall, '10.0.0.2', now), presence.join(hall, '10.0.0.3', now)]
    const later = now + 600_000
    expect(presence.lastSeen(hall, later)).toEqual({ online: true, lastSeenAt: later, address: '10.0.0.3' })
    leaveFirst(now + 100_000)
    expect(presence.lastSeen(hall, later).lastSeenAt).toBe(later)
    leaveSecond(now + 200_000)
    expect(presence.lastSeen(hall, later)).toEqual({ online: false, lastSeenAt: now + 200_000, address: '10.0.0.3' })
    // Another server instance has seen it since.
    expect(presence.lastSeen({ ...hall, lastSeenAt: later - 1_000 }, later)).toMatchObject({
      online: true,
      lastSeenAt: later - 1_000,
    })
  })

  it('is distinguished from one of another site with the same number', () => {
    presence.join(hall, '10.0.0.2', now)
    expect(presence.lastSeen({ ...hall, site: 'east' }, now)).toEqual({ online: false })
  })

  it('keeps its last report, and has none while it is offline', () => {
    presence.report(hall, report, now)
    expect(presence.lastSeen(hall, now)).not.toHaveProperty('report')
    const leave = presence.join(hall, '10.0.0.2', now)
    presence.report(hall, { ...report, width: 3840 }, now + 1_000)
    leave(now + 2_000)
    expect(presence.lastSeen({ ...hall, report }, now + 2_000)).toMatchObject({ report: { width: 3840 } })
  })
})

it('a pairing code is eight letters in two groups, and no secret is stored as it is', () => {
  const codes = Array.from({ length: 50 }, () => newUserCode())
  for (const code of codes) expect(code).toMatch(/^[A-Z]{8}$/)
  expect(new Set(codes).size).toBe(50)
  expect(shownUserCode('BCDFGHJK')).toBe('BCDF-GHJK')
  expect(secretHash('secret')).toBe('2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b')
})
