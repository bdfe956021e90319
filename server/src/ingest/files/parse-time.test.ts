import { expect, test } from 'vitest'
import { parseTime } from './parse-time.ts'
import { ZonedClock } from './zoned-clock.ts'

const shanghai = new ZonedClock('Asia/Shanghai')
const berlin = new ZonedClock('Europe/Berlin')

function readAs(text: string, clock?: ZonedClock, endOfDay?: boolean): string {
  const time = parseTime(text, clock, endOfDay)
  return time.ok ? new Date(time.at).toISOString() : time.message
}

test.for([
  ['2026-01-02T08:05:00Z', '2026-01-02T08:05:00.000Z'],
  ['2026-01-02t08:05:00.276+02:00', '2026-01-02T06:05:00.276Z'],
  ['2010-12-30 14:32:00+01:00', '2010-12-30T13:32:00.000Z'],
  ['2010-12-30 14:32:00.123456-0330', '2010-12-30T18:02:00.123Z'],
  ['2010-12-30 14:32:00 UTC', '2010-12-30T14:32:00.000Z'],
  ['2026/1/2 8:05+08', '2026-01-02T00:05:00.000Z'],
  ['2024-02-29T23:59:60Z', '2024-03-01T00:00:00.000Z'],
] as const)('%s is %s', ([text, instant]) => {
  expect(readAs(text)).toBe(instant)
})

test.for([
  ['2026/1/2 8:05', shanghai, '2026-01-02T00:05:00.000Z'],
  ['2026-01-02', shanghai, '2026-01-01T16:00:00.000Z'],
  ['2026-07-01 00:00', berlin, '2026-06-30T22:00:00.000Z'],
  ['2026-03-29 01:59:59', berlin, '2026-03-29T00:59:59.000Z'],
  ['2026-03-29 02:30', berlin, '2026-03-29T01:30:00.000Z'],
  ['2026-10-25 02:30', berlin, '2026-10-25T00:30:00.000Z'],
  ['2026-10-25 03:00', berlin, '2026-10-25T02:00:00.000Z'],
  ['2026-04-05 01:45', new ZonedClock('Australia/Lord_Howe'), '2026-04-04T14:45:00.000Z'],
] as const)('%s without offset is meant in the zone that was given', ([text, clock, instant]) => {
  expect(readAs(text, clock)).toBe(instant)
})

test('a day as a promise lasts until its end', () => {
  expect(readAs('2026-01-02', shanghai, true)).toBe('2026-01-02T15:59:59.999Z')
  expect(readAs('2026-01-02 08:00', shanghai, true)).toBe('2026-01-02T00:00:00.000Z')
})

test.for([
  ['2026-01-02 08:05:00', 'no offset from UTC; say with --timezone'],
  ['2026-01-02', 'no offset from UTC; say with --timezone'],
  ['02/01/2026 08:05', 'leaves open which is the day and which the month'],
  ['2.1.26', 'leaves open which is the day and which the month'],
  ['2026-02-30T00:00:00Z', 'does not exist'],
  ['2026-13-01T00:00:00Z', 'does not exist'],
  ['2026-01-01T24:00:00Z', 'does not exist'],
  ['2026-01-01T00:00:00+25:00', 'offset that does not exist'],
  ['2026-01/02T00:00:00Z', 'is no time'],
  ['46024.5', 'is no time'],
  ['1767312300000', 'is no time'],
] as const)('%s is refused: %s', ([text, reason]) => {
  expect(readAs(text)).toContain(reason)
})
