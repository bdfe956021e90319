import { PassThrough } from 'node:stream'
import type { Database } from '@stagewatch/db/database.ts'
import { z } from 'zod'
import type { Clock } from '../platform/clock/clock.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { backupFileName } from './backup-files.ts'
import { writeBackup } from './write-backup.ts'

interface BackupRouteOptions {
  readonly database: Database
  readonly clock: Clock
}

/** The embedded database is open in one process only, so commands receive its backup from the server. */
export function backupRoutes(app: TypedApp, { database, clock }: BackupRouteOptions): void {
  app.get('/api/v1/admin/backup', {
    config: { access: 'operator' },
    schema: {
      summary: 'A backup of all sites; a response that is broken off is not complete',
      tags: ['administration'],
      response: {
        200: {
          description: 'tar archive, compressed with zstd',
          content: { 'application/zstd': { schema: z.string() } },
        },
        ...refusals,
      },
    },
    handler: async (request, reply) => {
      const now = clock.now()
      const body = new PassThrough()
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      // The response has begun, so it can only be broken off, which the receiver notices by the missing end.
      writeBackup({ database, now, signal: gone.signal }, body).catch((error: unknown) => {
        if (!gone.signal.aborted) request.log.error({ err: error }, 'a backup has failed')
        body.destroy(error instanceof Error ? error : new Error(String(error)))
      })
      reply.header('content-type', 'application/zstd')
      reply.header('content-disposition', `attachment; filename="${backupFileName(now)}"`)
      // The reply type does not allow streams for a route with a schema, but Fastify sends them unchanged.
      return reply.send(body as unknown as string)
    },
  })
}
