import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a browser page may open a socket: only one that this server has served. Programs that are no browsers send
 * no origin and are judged by their key.
 */
export function originAllowed(headers: IncomingHttpHeaders, publicUrl: string | undefined): boolean {
  const { origin, host } = headers
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  const asked = new URL(origin)
  return asked.host === host || (publicUrl !== undefined && asked.origin === new URL(publicUrl).origin)
}
