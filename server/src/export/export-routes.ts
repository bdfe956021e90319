import { Readable } from 'node:stream'
import type { Database } from '@stagewatch/db/database.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import { callerOf } from '../access/route-access.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { exportEvents } from './export-events.ts'
import { exportFormats } from './export-summary.ts'
import type { ExportFormat } from './export-summary.ts'

/**
 * Trailer of a complete export with its summary: JSON, percent-encoded. A response that is broken off, or whose export
 * has failed, does not have it.
 */
export const summaryTrailer = 'x-stagewatch-export'

const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
  xes: 'application/xml',
}

const bound = z.string().max(40).optional().meta({ description: 'RFC 3339, or a day in the time zone of the site' })

const exportQuery = z.strictObject({
  format: z.enum(exportFormats).default('ndjson'),
  from: bound,
  to: bound,
  process: z.string().max(200).optional(),
})

/**
 * An export contains all people, customers and amounts of a site, whatever the site hides, so only commands on the
 * server's machine receive it. The embedded database is open in one process only, which is why they ask the server.
 */
export function exportRoutes(app: TypedApp, { database }: { readonly database: Database }): void {
  app.get('/api/v1/admin/export', {
    config: { access: 'operator', load: 'exports' },
    schema: {
      summary: 'All events of a site as a file; a response without the trailer X-Stagewatch-Export is not complete',
      tags: ['administration'],
      querystring: exportQuery,
      response: {
        200: {
          description: 'in the order of the log (xes: by order)',
          content: { 'application/x-ndjson': { schema: z.string() } },
        },
        ...refusals,
        404: problem,
        422: problem,
      },
    },
    handler: async (request, reply) => {
      const { site } = callerOf(request)
      const { format, ...choice } = request.query
      const { pieces, summary } = await exportEvents(database, { ...choice, format, site })
      reply.header('content-type', mediaTypes[format])
      reply.header('content-disposition', `attachment; filename="${site}.${format}"`)
      reply.trailer(summaryTrailer, () => Promise.resolve(encodeURIComponent(JSON.stringify(summary()))))
      // Reads on as fast as the receiver takes the pieces, and no more once the receiver is gone. The reply type does
      // not allow streams for a route with a schema, but Fastify sends them unchanged.
      return reply.send(Readable.from(pieces, { highWaterMark: 1 }) as unknown as string)
    },
  })
}
