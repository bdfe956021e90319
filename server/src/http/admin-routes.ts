import {
  doctorReport,
  keyCreated,
  keyRequest,
  migrateReport,
  processList,
  rebuildReport,
} from '@stagewatch/shared/contract/admin.ts'
import { processDefinition } from '@stagewatch/shared/contract/process.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError } from '../app-error.ts'
import type { SitePipeline } from '../pipeline.ts'
import { checkHealth } from '../query/check-health.ts'
import { refusals } from './refusals.ts'
import { requestCaller } from './request-caller.ts'
import type { RouteContext, TypedApp } from './route-context.ts'

const tags = ['administration']

export function registerAdminRoutes(app: TypedApp, { access, sites, keys, database }: RouteContext): void {
  /** A command may name a site that does not exist yet: its first call creates it. */
  async function site(request: FastifyRequest): Promise<SitePipeline> {
    const caller = await requestCaller(request, 'admin', access)
    return sites.getOrCreate(caller.site)
  }

  app.get('/api/v1/admin/processes', {
    schema: { summary: 'Processes of the site', tags, response: { 200: processList, ...refusals } },
    handler: async (request) => {
      const { catalog } = await site(request)
      return {
        processes: catalog.list(),
        defaultProcess: catalog.get(catalog.defaultProcess) === undefined ? null : catalog.defaultProcess,
      }
    },
  })

  app.put('/api/v1/admin/processes/:code', {
    schema: {
      summary: 'Create or replace a process',
      tags,
      params: z.object({ code: z.string() }),
      body: processDefinition,
      response: { 200: processDefinition, ...refusals },
    },
    handler: async (request) => {
      if (request.params.code !== request.body.code) {
        throw new AppError('invalid_field', 'the code of the address and of the body differ', { field: 'code' })
      }
      const pipeline = await site(request)
      await pipeline.saveProcess(request.body)
      return request.body
    },
  })

  app.post('/api/v1/admin/keys', {
    schema: { summary: 'Create an API key', tags, body: keyRequest, response: { 200: keyCreated, ...refusals } },
    handler: async (request) => keys.create((await site(request)).site.code, request.body),
  })

  app.post('/api/v1/admin/rebuild', {
    schema: { summary: 'Fold every order again from the log', tags, response: { 200: rebuildReport, ...refusals } },
    handler: async (request) => {
      const pipeline = await site(request)
      const begin = performance.now()
      const rebuilt = await pipeline.rebuild((events) => request.log.info({ events }, 'rebuilding'))
      return { ...rebuilt, elapsedMs: Math.round(performance.now() - begin) }
    },
  })

  app.get('/api/v1/admin/doctor', {
    schema: { summary: 'Check the installation', tags, response: { 200: doctorReport, ...refusals } },
    handler: async (request) => {
      const checks = await checkHealth(database, await site(request))
      return { ok: checks.every((check) => check.ok), checks }
    },
  })

  app.post('/api/v1/admin/migrate', {
    schema: { summary: 'Bring the database to the newest schema', tags, response: { 200: migrateReport, ...refusals } },
    handler: async (request) => {
      await requestCaller(request, 'admin', access)
      // Opening the database has migrated it: a process that answers has nothing left to do.
      return { applied: [] }
    },
  })
}
