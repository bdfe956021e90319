import { useEffect } from 'react'
import { useTick } from '../live/use-shown-time.ts'

/** Signals to the page's watchdog that the page has rendered in this second. */
export function Heartbeat() {
  const now = useTick()
  useEffect(() => {
    document.documentElement.dataset['beat'] = String(now)
  }, [now])
  return null
}
