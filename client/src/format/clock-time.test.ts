import { describe, expect, it } from 'vitest'
import { calendarDate, fullDate, timeOfDay, timeWithSeconds } from './clock-time.ts'

const at = Date.parse('2026-06-09T14:26:44+08:00')

describe('the wall clock of the site', () => {
  it('shows its own zone, whatever the zone of the screen', () => {
    expect(timeOfDay(at, 'Asia/Shanghai')).toBe('14:26')
    expect(timeOfDay(at, 'Europe/Berlin')).toBe('08:26')
    expect(timeWithSeconds(at, 'Asia/Shanghai')).toBe('14:26:44')
    expect(timeOfDay(Date.parse('2026-06-09T00:05:00+08:00'), 'Asia/Shanghai')).toBe('00:05')
  })

  it('dates with the year in both languages', () => {
    const summer = Date.parse('2025-06-03T00:00:00+08:00')
    expect(fullDate(summer, 'Asia/Shanghai', 'en')).toBe('3 Jun 2025')
    expect(fullDate(summer, 'Asia/Shanghai', 'zh')).toBe('2025年6月3日')
  })

  it('dates in both languages', () => {
    expect(calendarDate(at, 'Asia/Shanghai', 'zh')).toBe('6月9日周二')
    expect(calendarDate(at, 'Asia/Shanghai', 'en')).toBe('Tue 9 Jun')
    expect(calendarDate(Date.parse('2026-09-06T12:00:00Z'), 'UTC', 'en')).toBe('Sun 6 Sept')
    expect(calendarDate(Date.parse('2026-12-31T23:00:00Z'), 'Asia/Shanghai', 'zh')).toBe('1月1日周五')
  })
})
