import { chineseHolidays } from '@stagewatch/shared/domain/time/chinese-holidays.ts'
import { describe, expect, it } from 'vitest'
import { mergedCalendar } from './merged-calendar.ts'
import { readHolidays } from './read-holidays.ts'

const to = Date.UTC(2028, 10, 29)

function icalendar(...lines: readonly string[]): { readonly format: 'icalendar'; readonly text: string } {
  return {
    format: 'icalendar',
    text: ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR'].join('\n'),
  }
}

function holidayCn(...dates: readonly string[]): { readonly format: 'holiday-cn'; readonly text: string } {
  const days = dates.map((date) => ({ name: '元旦', date, isOffDay: true }))
  return { format: 'holiday-cn', text: JSON.stringify({ year: 2026, papers: ['https://www.gov.cn/'], days }) }
}

describe('holidays to add to a calendar', () => {
  it('are those of the built-in list', async () => {
    expect(await readHolidays({ format: 'china' }, to)).toBe(chineseHolidays)
  })

  it('are those of a file, yearly ones up to the last year of the calendars', async () => {
    const yearly = icalendar('SUMMARY:New Year', 'DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=YEARLY')
    expect((await readHolidays(yearly, to)).days.map(({ date }) => date)).toEqual([
      '2026-01-01',
      '2027-01-01',
      '2028-01-01',
    ])
    expect((await readHolidays(holidayCn('2026-01-01'), to)).years).toEqual([2026])
  })

  it('are refused with the place of each mistake', async () => {
    const message = '2026-01-01 is both a day off and a working day'
    const contradiction = holidayCn('2026-01-01').text.replace(
      ']}',
      ',{"name":"元旦","date":"2026-01-01","isOffDay":false}]}',
    )
    await expect(readHolidays({ format: 'holiday-cn', text: contradiction }, to)).rejects.toMatchObject({
      code: 'invalid_field',
      details: [{ field: 'text', reason: 'unreadable', message: `days.1.date: ${message}` }],
    })
    await expect(readHolidays(icalendar('DTSTART;VALUE=DATE:20260101', 'nonsense'), to)).rejects.toMatchObject({
      details: [{ message: 'line 4: is not a line of an iCalendar file' }],
    })
    await expect(readHolidays({ format: 'icalendar', text: 'BEGIN:VCARD' }, to)).rejects.toMatchObject({
      details: [{ message: 'line 1, BEGIN: BEGIN:VCALENDAR is expected here' }],
    })
    await expect(
      readHolidays({ format: 'icalendar', text: 'BEGIN:VCALENDAR\nEND:VCALENDAR' }, to),
    ).rejects.toMatchObject({
      details: [{ message: 'there are no holidays in it' }],
    })
  })

  it('are refused with the first twenty mistakes', async () => {
    const lines = Array.from({ length: 30 }, () => 'nonsense')
    await expect(readHolidays(icalendar('DTSTART;VALUE=DATE:20260101', ...lines), to)).rejects.toMatchObject({
      details: { length: 20 },
    })
  })
})

describe('a calendar with holidays added', () => {
  const day = (date: string, working = false) => ({ date, working })
  const calendar = {
    code: 'plant',
    name: { zh: '工厂', en: 'Plant' },
    versions: [
      {
        timeZone: 'Asia/Shanghai',
        week: { 1: [{ from: '08:00', to: '16:00' }] },
        holidays: [day('2026-01-01'), day('2026-01-02'), day('2026-01-03')],
      },
    ],
  }

  it('says how many of them are new, how many replace another day, and how many it had', () => {
    const days = [
      day('2026-01-01'),
      day('2026-01-02'),
      day('2026-01-03', true),
      ...[4, 5, 6].map((n) => day(`2026-01-0${n}`)),
    ]
    expect(mergedCalendar(calendar, { days, years: [2026] })).toMatchObject({
      added: 3,
      replaced: 1,
      ignored: 2,
      definition: { versions: [{ holidays: days, holidayYears: [2026] }] },
    })
  })

  it('is refused if it could not be stored', () => {
    const refused = () => mergedCalendar(calendar, { days: [day('2026-02-30')], years: [2026] })
    expect(refused).toThrow('the calendar cannot take these holidays')
  })
})
