import type { IncomingHttpHeaders } from 'node:http'

/** Headers that proxies add to a request; `x-forwarded-` stands for all headers with that prefix. */
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
 * Whether a proxy has forwarded the request, so that its sender may be anywhere even if it came from this machine.
 * Anybody can send these headers, so they may only restrict access. Browsers have not used HTTP/1.0 for decades, but
 * nginx uses it towards its upstreams by default.
 */
export function isForwarded(request: { readonly headers: IncomingHttpHeaders; readonly httpVersion: string }): boolean {
  if (request.httpVersion === '1.0') return true
  return Object.keys(request.headers).some((name) => proxyHeaders.has(name) || name.startsWith('x-forwarded-'))
}
