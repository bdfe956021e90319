import type { IncomingHttpHeaders } from 'node:http'

/** What proxies add to a request; `x-forwarded-` stands for all headers that begin with it. */
const proxyHeaders: ReadonlySet<string> = new Set([
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-host',
  'x-original-url',
  'x-arr-log-id',
  'cf-connecting-ip',
  'cf-ray',
  'true-client-ip',
  'fastly-client-ip',
  'fly-client-ip',
])

/**
 * Whether a proxy has handed the request on, so that its sender may be anywhere although it came from this machine.
 * Anybody can send these headers, so they only ever close what would be open. Browsers have not spoken HTTP/1.0 for
 * decades, but nginx does to what it hands on unless it is told otherwise.
 */
export function isForwarded(request: { readonly headers: IncomingHttpHeaders; readonly httpVersion: string }): boolean {
  if (request.httpVersion === '1.0') return true
  return Object.keys(request.headers).some((name) => proxyHeaders.has(name) || name.startsWith('x-forwarded-'))
}
