import { z } from 'zod'
import { failing } from './field-issue.ts'
import type { CheckParams, FieldReason } from './field-issue.ts'
import type { CalendarDefinition, WorkingWeek } from '../domain/time/calendar-definition.ts'
import { weekdays } from '../domain/time/local-date.ts'
import { overlappingShifts } from '../domain/time/shift-times.ts'
import { localText } from './names.ts'

const limits = { versions: 100, shiftsPerDay: 24, holidays: 5000 } as const

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 08:30')
const date = z.iso.date('must be a date such as 2026-10-01')
const year = z.int().min(1970).max(2099)

const timeZone = z.string().refine(isTimeZone, failing('not_zone', 'must be an IANA time zone such as Asia/Shanghai'))
const weekday = z.union(weekdays.map((day) => z.literal(day)))
const endTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time of day up to 24:00')
const shift = z.object({ from: clockTime, to: endTime })
const shifts = z.array(shift).max(limits.shiftsPerDay).readonly().exactOptional()

const week = z
  .strictObject({ 1: shifts, 2: shifts, 3: shifts, 4: shifts, 5: shifts, 6: shifts, 7: shifts })
  .superRefine((given, context) => {
    if (weekdays.every((day) => (given[day] ?? []).length === 0)) {
      refuse(context, [], 'no_shift', 'has no working time at all')
    }
    const overlap = overlappingShifts(given)
    if (overlap === undefined) return
    const [one, other] = overlap
    const message = `overlaps shift ${one.index + 1} of weekday ${one.weekday}; begin it where that one ends`
    refuse(context, [other.weekday, other.index], 'overlaps', message)
  }) satisfies z.ZodType<WorkingWeek>

const holiday = z.object({
  date,
  working: z.boolean(),
  name: z.union([localText, z.string()]).exactOptional(),
  as: weekday.exactOptional(),
})

const version = z
  .object({
    validFrom: date.exactOptional(),
    timeZone,
    week,
    holidays: z.array(holiday).max(limits.holidays).readonly(),
    holidayYears: z.array(year).readonly().exactOptional(),
  })
  .superRefine(({ week: given, holidays }, context) => {
    const seen = new Set<string>()
    for (const [i, { date: day, as }] of holidays.entries()) {
      if (seen.has(day)) refuse(context, ['holidays', i, 'date'], 'twice', 'is listed twice')
      seen.add(day)
      if (as !== undefined && (given[as] ?? []).length === 0) {
        refuse(context, ['holidays', i, 'as'], 'no_shift', 'names a weekday without shifts')
      }
    }
  })

/** A working calendar as it appears in settings and files; `domain/time/calendar-definition` defines its meaning. */
export const calendarDefinition = z.object({
  code: z.string().trim().min(1).max(200),
  name: localText,
  versions: z
    .array(version)
    .min(1)
    .max(limits.versions)
    .superRefine((versions, context) => {
      for (const [i, { validFrom }] of versions.entries()) {
        const before = versions[i - 1]?.validFrom ?? ''
        const message =
          i === 0 && validFrom !== undefined
            ? 'the first version must be valid from the beginning, without a date'
            : i > 0 && (validFrom ?? '') <= before
              ? 'must be after that of the version before'
              : undefined
        if (message !== undefined) refuse(context, [i, 'validFrom'], 'out_of_order', message)
      }
    })
    .readonly(),
}) satisfies z.ZodType<CalendarDefinition>

function refuse(context: z.RefinementCtx, path: PropertyKey[], reason: FieldReason, message: string): void {
  context.addIssue({ code: 'custom', path, message, params: { reason } satisfies CheckParams })
}

/** Intl also accepts offsets such as +08:00, which do not handle daylight saving time. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
