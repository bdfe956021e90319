import { useEffect, useState } from 'react'
import { timeOfDay } from '../format/clock-time.ts'
import { reloadServed } from '../live/page-reload.ts'
import { useShownTime, useTick } from '../live/use-shown-time.ts'

const notBeforeMs = 20 * 3_600_000
const hour = '03'
/** The rest of the hour is left for retries of pages whose reload failed. */
const spreadMs = 50 * 60_000
const minuteMs = 60_000

/** Inputs that decide whether a page must reload. */
interface NightlyReload {
  /** `03:17`, local time of the site. */
  readonly time: string
  /** Server time, epoch ms. */
  readonly serverNow: number
  readonly openForMs: number
  /** 0..1, chosen once per page, because screens of a plant that reload together would all be blank together. */
  readonly chance: number
}

/**
 * Identifies a due reload attempt, between 03:00 and 04:00 local time of the site. The value changes every minute, so
 * that a failed attempt is repeated.
 */
export function dueReload({ time, serverNow, openForMs, chance }: NightlyReload): string | undefined {
  const [hours, minutes] = time.split(':')
  if (hours !== hour || openForMs <= notBeforeMs) return undefined
  const intoHourMs = Number(minutes) * minuteMs + (serverNow % minuteMs)
  return intoHourMs >= chance * spreadMs ? time : undefined
}

/** Reloads the page at night (local time of the site) while the server is known to respond. */
export function useNightlyReload(timeZone: string | undefined): void {
  const { freshness, serverNow } = useShownTime()
  const openForMs = useTick()
  const [chance] = useState(Math.random)
  const isKnown = freshness === 'live' && timeZone !== undefined && serverNow !== undefined
  const due = isKnown ? dueReload({ time: timeOfDay(serverNow, timeZone), serverNow, openForMs, chance }) : undefined
  useEffect(() => {
    if (due !== undefined) void reloadServed()
  }, [due])
}
