import { expect, it } from 'vitest'
import { timeOfDay } from '../format/clock-time.ts'
import { dueReload } from './nightly-reload.ts'

const dayMs = 86_400_000
/** 02:00 in a zone whose offset is not a whole hour. */
const night = Date.UTC(2026, 10, 24, 20, 30)
const timeZone = 'Asia/Kolkata'

/** Seconds after 03:00 at which a page with this `chance` reloads. */
function reloadSecond(chance: number): number | undefined {
  for (let second = 0; second < 2 * 3_600; second += 1) {
    const serverNow = night + second * 1_000
    const time = timeOfDay(serverNow, timeZone)
    if (dueReload({ time, serverNow, openForMs: dayMs, chance }) !== undefined) return second - 3_600
  }
  return undefined
}

it('the walls of a zone reload spread over most of the hour, whatever the offset of the zone', () => {
  const seconds = Array.from({ length: 30 }, (_, index) => reloadSecond(index / 30)!)
  expect(Math.min(...seconds)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...seconds)).toBeLessThan(3_000)
  expect(new Set(seconds).size).toBe(30)
})

it('a failed reload is retried every minute until the hour is over', () => {
  const at = (time: string) => dueReload({ time, serverNow: night, openForMs: dayMs, chance: 0.2 })
  expect(at('03:09')).toBeUndefined()
  expect(at('03:10')).toBe('03:10')
  expect(at('03:59')).toBe('03:59')
  expect(at('04:00')).toBeUndefined()
})

it('a page that was opened today stays', () => {
  const page = { time: '03:30', serverNow: night, chance: 0 }
  expect(dueReload({ ...page, openForMs: 20 * 3_600_000 })).toBeUndefined()
  expect(dueReload({ ...page, openForMs: 20 * 3_600_000 + 1 })).toBe('03:30')
})
