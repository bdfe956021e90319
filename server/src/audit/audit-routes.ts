import { Readable } from 'node:stream'
import type { Database } from '@stagewatch/db/database.ts'
import { auditHeads, comparedHeads, sealProblem } from '@stagewatch/shared/contract/audit.ts'
import type { AuditHeads, VerificationLine } from '@stagewatch/shared/contract/audit.ts'
import { z } from 'zod'
import { callerOf } from '../access/route-access.ts'
import { AppError } from '../platform/app-error.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { readHeads } from './audit-heads.ts'
import { sealRows } from './seal-rows.ts'
import { compareHeads, verifySeals } from './verify-seals.ts'
import type { ArchiveCheck } from './verify-seals.ts'

const tags = ['administration']

interface AuditRouteOptions {
  readonly database: Database
  readonly archives: ArchiveCheck
}

/** The embedded database is open in one process only, so commands ask the server to verify it. */
export function auditRoutes(app: TypedApp, { database, archives }: AuditRouteOptions): void {
  let isVerifying = false

  app.get('/api/v1/admin/audit', {
    config: { access: 'site.manage' },
    schema: { summary: 'The last seals of the record of the site', tags, response: { 200: auditHeads, ...refusals } },
    handler: async (request): Promise<AuditHeads> => ({ heads: await readHeads(database, callerOf(request).site) }),
  })

  app.post('/api/v1/admin/audit/heads', {
    config: { access: 'operator' },
    schema: {
      summary: 'Seals what is not sealed yet, and returns the last seals of all sites',
      tags,
      response: { 200: auditHeads, ...refusals },
    },
    handler: async (): Promise<AuditHeads> => {
      await sealRows(database)
      return { heads: await readHeads(database) }
    },
  })

  app.get('/api/v1/admin/audit/verification', {
    config: { access: 'operator' },
    schema: {
      summary: 'Verifies the record of all sites; the last line has the report',
      tags,
      response: {
        200: { description: 'JSON lines', content: { 'application/x-ndjson': { schema: z.string() } } },
        ...refusals,
      },
    },
    handler: async (_request, reply) => {
      if (isVerifying) throw new AppError('conflict', 'the record is already being verified')
      isVerifying = true
      reply.raw.once('close', () => (isVerifying = false))
      reply.header('content-type', 'application/x-ndjson')
      const lines = Readable.from(verificationLines(verifySeals(database.longRunning, archives)), { highWaterMark: 1 })
      // The reply type does not allow streams for a route with a schema, but Fastify sends them unchanged.
      return reply.send(lines as unknown as string)
    },
  })

  app.post('/api/v1/admin/audit/comparison', {
    config: { access: 'operator' },
    schema: {
      summary: 'The seals that are not as they were when their hashes were kept elsewhere',
      tags,
      body: comparedHeads,
      response: { 200: z.object({ problems: z.array(sealProblem) }), ...refusals },
    },
    handler: async (request) => ({ problems: await compareHeads(database, request.body.heads) }),
  })
}

async function* verificationLines(running: ReturnType<typeof verifySeals>): AsyncGenerator<string> {
  for (;;) {
    const { done, value } = await running.next()
    const line: VerificationLine = done === true ? { done: 1, report: value } : { done: value }
    yield `${JSON.stringify(line)}\n`
    if (done === true) return
  }
}
