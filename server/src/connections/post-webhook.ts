import { request as requestHttp } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { resolveAllowed } from './address-guard.ts'

/** From the first look-up to the last byte of the answer. */
const timeoutMs = 15_000
/** Of an answer so much is read; nobody needs more than its status. */
const maxAnswerBytes = 16 * 1_024

export interface WebhookPost {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly allowsPrivate: boolean
}

/**
 * Sends one attempt and follows no redirect.
 * @returns the status of the answer.
 * @throws Error when there is none in time, RefusedAddressError when the address may not be reached.
 */
export async function postWebhook({ url, headers, body, allowsPrivate }: WebhookPost): Promise<number> {
  const target = new URL(url)
  const signal = AbortSignal.timeout(timeoutMs)
  const addresses = await abortable(resolveAllowed(target.hostname, allowsPrivate), signal)
  // The connection is made to what was looked at: nobody asks for the name again.
  const pinned: LookupFunction = (_host, options, done) => {
    const [first] = addresses
    if (options.all === true) done(null, addresses)
    else done(null, first?.address ?? '', first?.family)
  }
  const send = target.protocol === 'https:' ? requestHttps : requestHttp
  const response = Promise.withResolvers<IncomingMessage>()
  const request = send(target, {
    method: 'POST',
    // A connection that is kept would outlive the look at its address.
    agent: false,
    lookup: pinned,
    signal,
    headers: {
      ...headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Stagewatch-Webhooks/1',
    },
  })
  request.on('response', response.resolve)
  request.on('error', response.reject)
  request.end(body)
  const answer = await response.promise
  try {
    let read = 0
    for await (const chunk of answer) {
      read += (chunk as Buffer).length
      if (read > maxAnswerBytes) break
    }
  } catch (error) {
    // The status has come; what else there was to say does not matter.
    if (signal.aborted) throw error
  } finally {
    request.destroy()
  }
  return answer.statusCode ?? 0
}

async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => aborted.reject(signal.reason))
  return Promise.race([work, aborted.promise])
}
