import { describe, expect, it } from 'vitest'
import { clockTimeIn, instantIn } from './site-clock.ts'

describe('a time by the clocks of a site', () => {
  it.each([
    ['Asia/Shanghai', '2026-11-26T08:15', '2026-11-26T00:15:00Z'],
    ['Europe/Berlin', '2026-07-01T00:00', '2026-06-30T22:00:00Z'],
    ['America/St_Johns', '2026-11-26T23:59', '2026-11-27T03:29:00Z'],
    ['UTC', '2026-11-26T08:15', '2026-11-26T08:15:00Z'],
  ])('is an instant, and back: %s %s', (zone, text, instant) => {
    expect(instantIn(text, zone)).toBe(Date.parse(instant))
    expect(clockTimeIn(Date.parse(instant), zone)).toBe(text)
  })

  it('is the first of two when the clocks are set back over it', () => {
    expect(instantIn('2026-10-25T02:30', 'Europe/Berlin')).toBe(Date.parse('2026-10-25T00:30:00Z'))
  })

  it('that the clocks are set forward over is as long after the gap began', () => {
    expect(instantIn('2026-03-29T02:30', 'Europe/Berlin')).toBe(Date.parse('2026-03-29T01:30:00Z'))
  })

  it('is none where the text is none', () => {
    expect(instantIn('', 'Asia/Shanghai')).toBeUndefined()
    expect(instantIn('2026-13-01T00:00', 'Asia/Shanghai')).toBeUndefined()
  })
})
