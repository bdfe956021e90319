import { describe, expect, test } from 'vitest'
import { LocalDays } from './local-days.ts'

const hourMs = 3_600_000

/** The wall-clock time in a zone. */
function clock(at: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainTime().toString().slice(0, 5)
}

test.for([
  'UTC',
  'Asia/Shanghai',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'America/St_Johns',
  'Europe/Berlin',
  // Until 1972, its clocks were 44 minutes and 30 seconds behind.
  'Africa/Monrovia',
])('the hour and the weekday in %s are those of its calendar, also where clocks change', (timeZone) => {
  const days = new LocalDays(timeZone)
  const changes = [
    '1889-07-01',
    '1950-01-01',
    '1969-12-30',
    '1972-01-06',
    '2026-03-28',
    '2026-04-04',
    '2026-10-24',
    '2026-11-01',
  ]
  for (const from of changes.map((day) => Date.parse(`${day}T00:00:00Z`)))
    for (let at = from; at < from + 60 * hourMs; at += 7 * 60_000 + 13) {
      const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone)
      expect([days.hourOf(at), days.weekdayOf(at)]).toEqual([zoned.hour, zoned.dayOfWeek])
    }
})

describe('the hours of a zone', () => {
  test.for([
    ['Asia/Shanghai', '2026-06-09T14:26:02+08:00'],
    ['Asia/Kolkata', '2026-06-09T14:26:02+05:30'],
    ['Asia/Kathmandu', '2026-06-09T14:26:02+05:45'],
    ['Australia/Lord_Howe', '2026-06-09T14:26:02+10:30'],
    ['Australia/Lord_Howe', '2026-12-09T14:26:02+11:00'],
    ['Pacific/Chatham', '2026-06-09T14:26:02+12:45'],
  ])('begin at full hours of its clocks in %s', ([timeZone, now]) => {
    const days = new LocalDays(timeZone!)
    const at = Date.parse(now!)
    const hours = days.hoursUntil(at, 6)
    expect(hours.map((hour) => clock(hour, timeZone!))).toEqual(['14:00', '13:00', '12:00', '11:00', '10:00', '09:00'])
    expect(at - hours[0]!).toBeLessThan(hourMs)
    expect(days.nextHour(at)).toBe(hours[0]! + hourMs)
    expect(days.hourStart(hours[0]!)).toBe(hours[0])
    expect(days.nextHour(hours[1]!)).toBe(hours[0])
  })

  test('come twice, or not at all, when the clocks of Berlin change', () => {
    const berlin = new LocalDays('Europe/Berlin')
    const shown = (at: string) => berlin.hoursUntil(Date.parse(at), 4).map((hour) => clock(hour, 'Europe/Berlin'))
    expect(shown('2026-10-25T03:10:00+01:00')).toEqual(['03:00', '02:00', '02:00', '01:00'])
    expect(shown('2026-03-29T04:10:00+02:00')).toEqual(['04:00', '03:00', '01:00', '00:00'])
  })

  test('are longer once when the clocks of Lord Howe Island change by half an hour', () => {
    const island = new LocalDays('Australia/Lord_Howe')
    const shown = (at: string) => island.hoursUntil(Date.parse(at), 3)
    const autumn = shown('2026-04-05T03:10:00+10:30')
    expect(autumn.map((hour) => clock(hour, 'Australia/Lord_Howe'))).toEqual(['03:00', '02:00', '01:00'])
    expect(autumn[1]! - autumn[2]!).toBe(1.5 * hourMs)
    const spring = shown('2026-10-04T04:10:00+11:00')
    expect(spring.map((hour) => clock(hour, 'Australia/Lord_Howe'))).toEqual(['04:00', '03:00', '01:00'])
    expect(spring[1]! - spring[2]!).toBe(1.5 * hourMs)
  })
})
