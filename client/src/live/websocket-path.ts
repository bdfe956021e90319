import { z } from 'zod'

/** Socket.IO's refusal of the polling transport. */
const transportUnknown = z.object({ code: z.literal(0) })

/**
 * Whether ordinary requests reach the socket endpoint. If they do and no socket opens, a proxy in between does not
 * forward WebSocket connections.
 */
export async function reachesSocketsByRequest(): Promise<boolean> {
  try {
    const answer = await fetch('/socket.io/?EIO=4&transport=polling', { cache: 'no-store' })
    return answer.ok || transportUnknown.safeParse(await answer.json()).success
  } catch {
    return false
  }
}
