import { useEffect } from 'react'
import { timeOfDay } from '../format/clock-time.ts'
import { useShownTime, useTick } from '../live/use-shown-time.ts'

const notBeforeMs = 20 * 3_600_000

/** Starts the page afresh between three and four at night of the site, while the server surely answers. */
export function useNightlyReload(timeZone: string | undefined): void {
  const { freshness, serverNow } = useShownTime()
  const openForMs = useTick()
  const due =
    timeZone !== undefined &&
    serverNow !== undefined &&
    freshness === 'live' &&
    openForMs > notBeforeMs &&
    timeOfDay(serverNow, timeZone).startsWith('03')
  useEffect(() => {
    if (due) location.reload()
  }, [due])
}
