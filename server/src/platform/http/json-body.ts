import type { FastifyInstance } from 'fastify'
import { AppError } from '../app-error.ts'

/** Maximum size of a body, unless its route sets another limit: pages and scripts send little. */
export const bodyBytes = 16 * 1024
/** Maximum size of a document with the rules of a site, written or exported by people. */
export const ruleBytes = 1024 * 1024

/** Accepted content types; only events use others than the first. */
export const jsonTypes = ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json']

/**
 * Reads JSON bodies only. Invalid UTF-8 is rejected instead of being replaced, so that two different texts never become
 * the same. If an object repeats a key, the last one counts, as in most readers (RFC 8259).
 */
export function registerJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  // A kilobyte can decompress to a gigabyte, so compressed bodies are refused.
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
      done(new AppError('bad_request', 'the body is not JSON in UTF-8'))
    }
  })
}

function bytesOf(body: string | Buffer): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : body
}
