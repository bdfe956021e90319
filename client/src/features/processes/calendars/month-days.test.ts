import type { CalendarVersion } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { expect, it } from 'vitest'
import { monthDays, withDayToggled } from './month-days.ts'

const day = [{ from: '08:00', to: '17:00' }]
const office: CalendarVersion = {
  timeZone: 'Asia/Shanghai',
  week: { 1: day, 2: day, 3: day, 4: day, 5: day },
  holidays: [
    { date: '2026-10-01', working: false, name: '国庆节' },
    { date: '2026-10-10', working: true },
  ],
}
const at = (version: CalendarVersion, date: string) =>
  monthDays(version, date.slice(0, 7)).find((each) => each.date === date)!

it('a month has its days with their weekdays', () => {
  // 1 October 2026 is a Thursday.
  const october = monthDays(office, '2026-10')
  expect(october).toHaveLength(31)
  expect(october.slice(0, 4).map(({ weekday }) => weekday)).toEqual([4, 5, 6, 7])
  expect(monthDays(office, '2028-02')).toHaveLength(29)
})

it('a holiday is free on a weekday, and a make-up day is worked on a Saturday', () => {
  expect(at(office, '2026-10-01').isWorking).toBe(false)
  expect(at(office, '2026-10-02').isWorking).toBe(true)
  expect(at(office, '2026-10-10').isWorking).toBe(true)
  expect(at(office, '2026-10-11').isWorking).toBe(false)
})

it('a day that is pressed turns round, and a second press has it follow its weekday again', () => {
  const free = withDayToggled(office, at(office, '2026-10-05'))
  expect(at(free, '2026-10-05').isWorking).toBe(false)
  expect(free.holidays.map(({ date }) => date)).toEqual(['2026-10-01', '2026-10-05', '2026-10-10'])
  expect(withDayToggled(free, at(free, '2026-10-05'))).toEqual(office)
  expect(at(withDayToggled(office, at(office, '2026-10-11')), '2026-10-11').isWorking).toBe(true)
})
