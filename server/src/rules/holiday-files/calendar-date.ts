import { epochDayOf, dateOf } from '@stagewatch/shared/domain/time/local-date.ts'

/** The epoch day of a DATE such as `20261001` (RFC 5545, section 3.3.4); undefined if invalid. */
export function epochDayOfCompact(value: string): number | undefined {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(value) ?? []
  return year === undefined || month === undefined || day === undefined ? undefined : epochDay(year, month, day)
}

/** The epoch day with the same month and day in another year; undefined for 29 February in a common year. */
export function sameDayIn(year: number, epochDayBefore: number): number | undefined {
  const [, month = '', day = ''] = dateOf(epochDayBefore).split('-')
  return epochDay(String(year).padStart(4, '0'), month, day)
}

function epochDay(year: string, month: string, day: string): number | undefined {
  const date = `${year}-${month}-${day}`
  const found = epochDayOf(date)
  // Some dates that do not exist are parsed as days of the next month.
  return Number.isNaN(found) || dateOf(found) !== date ? undefined : found
}
