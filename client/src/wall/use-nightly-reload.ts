import { useEffect, useState } from 'react'
import { timeOfDay } from '../format/clock-time.ts'
import { reloadServed } from '../live/page-reload.ts'
import { useShownTime, useTick } from '../live/use-shown-time.ts'
import { dueReload } from './nightly-reload.ts'

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
