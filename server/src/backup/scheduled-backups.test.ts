import { expect, it } from 'vitest'
import { nextTimeOfDay } from './scheduled-backups.ts'

const at = (text: string): number => Date.parse(text)

it('is today or tomorrow, by the clock on the wall, also where clocks are changed', () => {
  const berlin = 'Europe/Berlin'
  expect(nextTimeOfDay('02:30', at('2026-11-27T00:00:00Z'), berlin)).toBe(at('2026-11-27T01:30:00Z'))
  expect(nextTimeOfDay('02:30', at('2026-11-27T01:30:00Z'), berlin)).toBe(at('2026-11-28T01:30:00Z'))
  expect(nextTimeOfDay('00:00', at('2026-11-27T22:59:59.999Z'), berlin)).toBe(at('2026-11-27T23:00:00Z'))
  // 02:30 does not exist on the day on which summer time begins, and comes twice on the day on which it ends.
  expect(nextTimeOfDay('02:30', at('2026-03-28T12:00:00Z'), berlin)).toBe(at('2026-03-29T01:30:00Z'))
  expect(nextTimeOfDay('02:30', at('2026-10-24T12:00:00Z'), berlin)).toBe(at('2026-10-25T00:30:00Z'))
  expect(nextTimeOfDay('02:30', at('2026-10-25T00:30:00Z'), berlin)).toBe(at('2026-10-26T01:30:00Z'))
})
