import { useEffect } from 'react'
import { timeOfDay } from '../format/clock-time.ts'
import { reloadServed } from '../live/reload-served.ts'
import { useShownTime, useTick } from '../live/use-shown-time.ts'

const notBeforeMs = 20 * 3_600_000

/** Starts the page afresh between three and four at night of the site, while the server surely answers. */
export function useNightlyReload(timeZone: string | undefined): void {
  const { freshness, serverNow } = useShownTime()
  const openForMs = useTick()
  const time = timeZone === undefined || serverNow === undefined ? undefined : timeOfDay(serverNow, timeZone)
  // Changes with each minute of the hour, so that what does not work is tried again.
  const due = freshness === 'live' && openForMs > notBeforeMs && time?.startsWith('03') === true ? time : undefined
  useEffect(() => {
    if (due !== undefined) void reloadServed()
  }, [due])
}
