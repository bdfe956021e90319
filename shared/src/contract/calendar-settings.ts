import { z } from 'zod'
import { calendarDefinition } from './calendar.ts'

const count = z.int().nonnegative()
const year = z.int()
const code = z.string().trim().min(1).max(200)

/** Which calendar counts where no stage names one: codes of calendars. */
export const calendarChoice = z.strictObject({
  /** Of the whole site; left out: all time is working time. */
  site: code.exactOptional(),
  /** By the name of the department as events say it; comes before the site's. */
  departments: z.record(z.string().min(1).max(200), code).readonly(),
})

/** The answer of `GET /api/v1/admin/calendars`. */
export const calendarList = z.object({
  calendars: z.array(
    z.object({
      definition: calendarDefinition,
      /** Belongs into `If-Match` of whoever changes it. */
      version: z.string(),
      /** Years from `from` to `to` whose public holidays it does not know; there it works by the weekday alone. */
      missingYears: z.array(year),
    }),
  ),
  choice: calendarChoice,
  /** Of `choice`. */
  choiceVersion: z.string(),
  /** Epoch ms, included: a year ago, or when the oldest open order came. */
  from: z.int(),
  /** Epoch ms, not included: in two years. */
  to: z.int(),
})

/** Public calendars of many years have some 200,000 characters. */
const text = z.string().min(1).max(1_000_000)

/** The body of `POST /api/v1/admin/calendars/{code}/holidays`. */
export const holidaysRequest = z.discriminatedUnion('format', [
  /** All-day events; 补班 in the summary makes one a make-up working day. */
  z.strictObject({ format: z.literal('icalendar'), text }),
  /** A yearly file of github.com/NateScarlet/holiday-cn. */
  z.strictObject({ format: z.literal('holiday-cn'), text }),
  /** The notices of the State Council that this version of the program knows. */
  z.strictObject({ format: z.literal('china') }),
])

/** What became of the days of a list. */
export const holidaysAnswer = z.object({
  added: count,
  /** The calendar had them otherwise: the list counts. */
  replaced: count,
  /** The calendar had them already. */
  ignored: count,
  /** Years whose public holidays the list contains completely. */
  years: z.array(year),
})

export type CalendarChoice = z.infer<typeof calendarChoice>
export type CalendarList = z.infer<typeof calendarList>
export type HolidaysRequest = z.infer<typeof holidaysRequest>
export type HolidaysAnswer = z.infer<typeof holidaysAnswer>
