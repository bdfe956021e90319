import { request as requestHttp } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { RefusedAddressError, resolveAllowed } from './address-guard.ts'

/** From the DNS lookup to the last byte of the answer, unless the caller aborts earlier. */
const defaultTimeoutMs = 15_000
/** Maximum number of bytes read from an answer. */
const maxAnswerBytes = 16 * 1_024

export interface GuardedPost {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  readonly allowsPrivate: boolean
  readonly timeoutMs?: number
  /** Header with the seconds to wait before another request, `retry-after` by default. */
  readonly waitHeader?: string
  /** `POST` by default. */
  readonly method?: 'GET' | 'POST'
  /** Aborts the attempt before its timeout. */
  readonly signal?: AbortSignal
}

export interface PostAnswer {
  readonly status: number
  /** The beginning of the body. */
  readonly text: string
  /** Seconds to wait before another request; undefined if the answer does not say. */
  readonly retryAfterS?: number
}

/**
 * Sends one request to an address that somebody at a site has configured. Redirects are not followed.
 * @throws Error when there is no answer in time, RefusedAddressError when the address is not allowed.
 */
export async function guardedPost(post: GuardedPost): Promise<PostAnswer> {
  const { url, headers, body, allowsPrivate, timeoutMs = defaultTimeoutMs, method = 'POST' } = post
  const { waitHeader = 'retry-after' } = post
  const target = new URL(url)
  const timeout = AbortSignal.timeout(timeoutMs)
  const signal = post.signal === undefined ? timeout : AbortSignal.any([timeout, post.signal])
  const addresses = await abortable(resolveAllowed(target.hostname, allowsPrivate), signal)
  // Connects to the address that was checked, so that the name is not resolved again.
  const pinned: LookupFunction = (_host, options, done) => {
    const [first] = addresses
    if (options.all === true) done(null, addresses)
    else done(null, first?.address ?? '', first?.family)
  }
  const send = target.protocol === 'https:' ? requestHttps : requestHttp
  const response = Promise.withResolvers<IncomingMessage>()
  const request = send(target, {
    method,
    // A kept-alive connection could be reused without a new check of its address.
    agent: false,
    lookup: pinned,
    signal,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Stagewatch-Webhooks/1',
      ...headers,
      ...(method === 'POST' && { 'content-length': Buffer.byteLength(body) }),
    },
  })
  request.on('response', response.resolve)
  request.on('error', response.reject)
  request.end(method === 'POST' ? body : undefined)
  const answer = await response.promise
  const chunks: Buffer[] = []
  try {
    let read = 0
    for await (const chunk of answer) {
      chunks.push(chunk as Buffer)
      read += (chunk as Buffer).length
      if (read > maxAnswerBytes) break
    }
  } catch {
    // The stream reports an abort as a reset by the receiver. Otherwise the status has arrived, which is enough.
    signal.throwIfAborted()
  } finally {
    request.destroy()
  }
  const text = Buffer.concat(chunks).subarray(0, maxAnswerBytes).toString()
  const retryAfterS = Number(answer.headers[waitHeader])
  return { status: answer.statusCode ?? 0, text, ...(retryAfterS > 0 && { retryAfterS }) }
}

async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => aborted.reject(signal.reason))
  return Promise.race([work, aborted.promise])
}

/** The reason why there is no answer, without revealing anything about the server's network. */
export function postFailure(error: unknown): string {
  if (error instanceof RefusedAddressError) {
    return 'its address is in a private or reserved network'
  }
  if (!(error instanceof Error)) return 'it could not be reached'
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'it did not answer in time'
  return 'code' in error ? `it could not be reached: ${String(error.code)}` : 'it could not be reached'
}
