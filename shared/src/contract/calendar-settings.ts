import { z } from 'zod'
import { calendarDefinition } from './calendar.ts'

const count = z.int().nonnegative()
const year = z.int()
const code = z.string().trim().min(1).max(200)

/** Codes of the calendars that apply if a stage names none. */
export const calendarChoice = z.strictObject({
  /** Calendar of the whole site. Undefined: all time is working time. */
  site: code.exactOptional(),
  /** By the name of the department as it appears in events; takes precedence over the site's calendar. */
  departments: z.record(z.string().min(1).max(200), code).readonly(),
})

/** Response of `GET /api/v1/admin/calendars`. */
export const calendarList = z.object({
  calendars: z.array(
    z.object({
      definition: calendarDefinition,
      /** Sent as `If-Match` when changing it. */
      version: z.string(),
      /** Years from `from` to `to` whose public holidays are missing; in those the calendar only uses weekdays. */
      missingYears: z.array(year),
    }),
  ),
  choice: calendarChoice,
  /** Version of `choice`. */
  choiceVersion: z.string(),
  /** Epoch ms, inclusive: a year ago, or the arrival of the oldest open order. */
  from: z.int(),
  /** Epoch ms, exclusive: in two years. */
  to: z.int(),
})

/** Public calendars covering many years have about 200,000 characters. */
const text = z.string().min(1).max(1_000_000)

/** Request body of `POST /api/v1/admin/calendars/{code}/holidays`. */
export const holidaysRequest = z.discriminatedUnion('format', [
  /** All-day events; 补班 in the summary marks a make-up working day. */
  z.strictObject({ format: z.literal('icalendar'), text }),
  /** A yearly file of github.com/NateScarlet/holiday-cn. */
  z.strictObject({ format: z.literal('holiday-cn'), text }),
  /** The notices of the State Council that are built into this version of the program. */
  z.strictObject({ format: z.literal('china') }),
])

/** Result of importing the days of a list. */
export const holidaysAnswer = z.object({
  added: count,
  /** Days that the calendar had defined differently; the list takes precedence. */
  replaced: count,
  /** Days that the calendar already contained. */
  ignored: count,
  /** Years whose public holidays the list covers completely. */
  years: z.array(year),
})

export type CalendarChoice = z.infer<typeof calendarChoice>
export type CalendarList = z.infer<typeof calendarList>
export type HolidaysRequest = z.infer<typeof holidaysRequest>
export type HolidaysAnswer = z.infer<typeof holidaysAnswer>
