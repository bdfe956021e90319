import { useEffect, useState } from 'react'
import { serverTime } from '../api/server-time.ts'

const everyMs = 10_000

/** The server's time as shown by the page, epoch ms; it updates by itself. */
export function useNow(): number {
  const [now, setNow] = useState(() => serverTime(Date.now()))
  useEffect(() => {
    const timer = setInterval(() => setNow(serverTime(Date.now())), everyMs)
    return () => clearInterval(timer)
  }, [])
  return now
}
