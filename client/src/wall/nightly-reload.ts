const notBeforeMs = 20 * 3_600_000
const hour = '03'
/** The rest of the hour is for those that did not get through at first. */
const spreadMs = 50 * 60_000
const minuteMs = 60_000

/** When a page is to be loaded anew. */
interface NightlyReload {
  /** `03:17` at the site. */
  readonly time: string
  /** Server time, epoch ms. */
  readonly serverNow: number
  readonly openForMs: number
  /** 0..1, chosen once by each page: screens of a plant that reload together would all stand empty together. */
  readonly chance: number
}

/**
 * Names the attempt that is due, between three and four at night of the site; changes with each minute, so that what
 * does not work is tried again.
 */
export function dueReload({ time, serverNow, openForMs, chance }: NightlyReload): string | undefined {
  const [hours, minutes] = time.split(':')
  if (hours !== hour || openForMs <= notBeforeMs) return undefined
  const intoHourMs = Number(minutes) * minuteMs + (serverNow % minuteMs)
  return intoHourMs >= chance * spreadMs ? time : undefined
}
