import { useEffect } from 'react'
import { useTick } from '../live/use-shown-time.ts'

/** What the watchdog of the page listens for: the page has drawn itself in this second. */
export function Heartbeat() {
  const now = useTick()
  useEffect(() => {
    document.documentElement.dataset['beat'] = String(now)
  }, [now])
  return null
}
