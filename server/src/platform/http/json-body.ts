import type { FastifyInstance, FastifyRequest } from 'fastify'
import { runToEnd } from '@stagewatch/shared/domain/run-to-end.ts'
import { AppError } from '../app-error.ts'
import { inSlices } from '../in-slices.ts'
import { jsonSteps } from './read-json.ts'
import type { JsonKind } from './read-json.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** By default, `document`. */
    json?: JsonKind
  }
}

/** Maximum size of a body, unless its route sets another limit: pages and scripts send little. */
export const bodyBytes = 16 * 1024
/** Maximum size of a document with the rules of a site, written or exported by people. */
export const ruleBytes = 1024 * 1024

/** Accepted content types; only events use others than the first. */
export const jsonTypes = ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json']

/** Size of a body, in bytes, that is parsed without yielding. */
const smallBody = 64 * 1024

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
  app.addContentTypeParser(
    jsonTypes,
    { parseAs: 'buffer', bodyLimit: bodyBytes },
    async ({ routeOptions }: FastifyRequest, body: string | Buffer) => {
      try {
        const bytes = bytesOf(body)
        const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
        const steps = jsonSteps(text, routeOptions.config.json ?? 'document')
        return await (bytes.length <= smallBody ? runToEnd(steps) : inSlices(steps))
      } catch (error) {
        if (error instanceof AppError) throw error
        throw new AppError('bad_request', 'the body is not JSON in UTF-8')
      }
    },
  )
}

function bytesOf(body: string | Buffer): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : body
}
