import { z } from 'zod'

/** How Socket.IO refuses to be polled. */
const transportUnknown = z.object({ code: z.literal(0) })

/**
 * Whether ordinary requests reach the address of the sockets. If they do and no socket opens, a proxy in front does not
 * pass WebSocket connections on.
 */
export async function reachesSocketsByRequest(): Promise<boolean> {
  try {
    const answer = await fetch('/socket.io/?EIO=4&transport=polling', { cache: 'no-store' })
    return answer.ok || transportUnknown.safeParse(await answer.json()).success
  } catch {
    return false
  }
}
