import type { FastifyInstance } from 'fastify'
import { AppError } from '../app-error.ts'

/** Bytes of a body, unless its route says otherwise: what a page or a script sends of itself is small. */
export const bodyBytes = 16 * 1024
/** Bytes of a document with the rules of a site, as people write or export it. */
export const ruleBytes = 1024 * 1024

/** What bodies may be; only events come as other than the first. */
export const jsonTypes = ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json']

/**
 * Reads JSON bodies, and no others. Bytes that are no UTF-8 are refused instead of being replaced, so that two
 * different texts never become one. Of equal keys of an object the last counts, as RFC 8259 expects of most readers.
 */
export function registerJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  // A kilobyte can be unpacked to a gigabyte, so nothing is.
  app.addHook('onRequest', async ({ headers }) => {
    const encoding = headers['content-encoding']
    if (encoding !== undefined && encoding !== 'identity') {
      throw new AppError('unsupported_media_type', 'send the body without a content encoding')
    }
  })
  app.addContentTypeParser(jsonTypes, { parseAs: 'buffer', bodyLimit: bodyBytes }, (_request, body, done) => {
    try {
      done(null, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(body))))
    } catch {
      done(new AppError('bad_request', 'the body is no JSON in UTF-8'))
    }
  })
}

function bytesOf(body: string | Buffer): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : body
}
