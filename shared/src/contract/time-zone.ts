import { z } from 'zod'
import { failing } from './field-issue.ts'

/** An IANA name that the runtime supports. */
export const timeZone = z.string().refine((zone) => isTimeZone(zone), failing('not_zone', 'is no IANA time zone'))

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) instanceof Intl.DateTimeFormat
  } catch {
    return false
  }
}
