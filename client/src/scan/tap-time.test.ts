import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tapInstant, type Contact, type Reading } from './tap-time.ts'

const minuteMs = 60_000
const start = Date.UTC(2026, 10, 27, 8)

/**
 * Clock readings of a device `trueMs` after `start`, with its wall clock off by `offMs`, after sleeping for `sleptMs`.
 */
function reading(trueMs: number, offMs: number, sleptMs = 0, page = 'one'): Reading {
  return { wallAt: start + trueMs + offMs, monotonicAt: trueMs - sleptMs, page }
}

function contact(trueMs: number, offMs: number, sleptMs = 0, page = 'one'): Contact {
  return { ...reading(trueMs, offMs, sleptMs, page), serverAt: start + trueMs }
}

function toldMs(tap: Reading, before: Contact | undefined, after: Contact | undefined): number {
  return tapInstant({ ...tap, before }, after) - start
}

describe('the instant of a tap', () => {
  const hour = 60 * minuteMs
  it.each<readonly [string, number, Reading, Contact | undefined, Contact | undefined]>([
    ['by a clock that is three hours slow', 5, reading(5, -3 * hour), contact(0, -3 * hour), undefined],
    ['the clock being set after it', 5, reading(5, 0), contact(0, 0), contact(9, 2 * hour)],
    ['the clock being set before it', 5, reading(5, 2 * hour), contact(0, 0), contact(9, 2 * hour)],
    ['the page being loaded again and then the clock set', 5, reading(5, 0), contact(0, 0), contact(9, hour, 0, 'two')],
    [
      'the clock being set, and then the page loaded again',
      5,
      reading(5, hour, 0, 'two'),
      contact(0, 0),
      contact(9, hour, 0, 'two'),
    ],
    ['after a sleep', hour, reading(hour, 0, hour), contact(0, 0), contact(hour + 4, 0, hour)],
    [
      'before a sleep and a clock that was set in it',
      5,
      reading(5, 0),
      contact(0, 0),
      contact(hour, -7 * hour, hour - 9),
    ],
    ['without any contact before', 5, reading(5, hour), undefined, contact(9, hour)],
  ])('%s', (_, trueMs, tap, before, after) => {
    expect(toldMs(tap, before, after)).toBe(trueMs)
  })

  it('is true whatever the clock is set to once, as long as the device is awake in one load of the page', () => {
    const times = fc.tuple(fc.nat(hour), fc.nat(hour), fc.nat(hour), fc.nat(3))
    fc.assert(
      fc.property(times, fc.integer(), fc.integer(), ([first, second, third, setAfter], off, step) => {
        const instants = [first, first + second, first + second + third] as const
        // The clock is set before the reading with this index.
        const offAt = (place: number) => off + (place >= setAfter ? step : 0)
        const before = contact(instants[0], offAt(0))
        const after = contact(instants[2], offAt(2))
        expect(toldMs(reading(instants[1], offAt(1)), before, after)).toBe(instants[1])
      }),
    )
  })

  it('is between the contacts around it in any case', () => {
    const times = fc.tuple(fc.nat(hour), fc.nat(hour), fc.nat(hour))
    const page = fc.constantFrom('one', 'two')
    fc.assert(
      fc.property(
        times,
        fc.array(fc.integer(), { minLength: 3, maxLength: 3 }),
        page,
        page,
        ([a, b, c], offs, p, q) => {
          const [one = 0, two = 0, three = 0] = offs
          const tap = reading(a + b, two, 0, p)
          const told = toldMs(tap, contact(a, one, 0, 'one'), contact(a + b + c, three, 0, q))
          expect(told).toBeGreaterThanOrEqual(a)
          expect(told).toBeLessThanOrEqual(a + b + c)
        },
      ),
    )
  })
})
