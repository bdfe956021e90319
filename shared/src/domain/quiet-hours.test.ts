import { expect, it } from 'vitest'
import { quietUntil } from './quiet-hours.ts'

const at = (text: string) => Date.parse(text)
const workdays = [1, 2, 3, 4, 5]

it('last over midnight into the day after the one on which they begin', () => {
  const nights = { from: '20:00', to: '07:00', days: workdays }
  const until = (text: string) => quietUntil(nights, 'Asia/Shanghai', at(text))
  expect(until('2026-11-27T20:00:00+08:00')).toBe(at('2026-11-28T07:00:00+08:00'))
  expect(until('2026-11-28T06:59:00+08:00')).toBe(at('2026-11-28T07:00:00+08:00'))
  expect(until('2026-11-28T07:00:00+08:00')).toBeUndefined()
  // They do not begin on Saturday night; Monday morning belongs to Sunday.
  expect(until('2026-11-28T23:00:00+08:00')).toBeUndefined()
  expect(until('2026-11-30T03:00:00+08:00')).toBeUndefined()
})

it('go by the clocks of the zone, also on the day on which these change', () => {
  const lunch = { from: '12:00', to: '13:00', days: [7] }
  expect(quietUntil(lunch, 'Europe/Berlin', at('2026-10-25T11:30:00Z'))).toBe(at('2026-10-25T12:00:00Z'))
  const night = { from: '23:00', to: '06:00', days: [6] }
  expect(quietUntil(night, 'Europe/Berlin', at('2026-10-25T03:00:00Z'))).toBe(at('2026-10-25T05:00:00Z'))
  expect(quietUntil(night, 'America/Los_Angeles', at('2026-11-01T08:00:00Z'))).toBe(at('2026-11-01T14:00:00Z'))
})
