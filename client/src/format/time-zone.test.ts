import { expect, it } from 'vitest'
import { offsetIn, offsetName } from './time-zone.ts'

const winter = Date.parse('2026-01-15T12:00:00.500Z')
const summer = Date.parse('2026-07-15T12:00:00Z')

it.each([
  [winter, 'Asia/Shanghai', 'UTC+8'],
  [winter, 'Europe/Berlin', 'UTC+1'],
  [summer, 'Europe/Berlin', 'UTC+2'],
  [winter, 'America/St_Johns', 'UTC−3:30'],
  [winter, 'Asia/Kathmandu', 'UTC+5:45'],
  [winter, 'Europe/London', 'UTC'],
])('at %s the clocks of %s are at %s', (at, zone, name) => {
  expect(offsetName(offsetIn(at, zone))).toBe(name)
})
