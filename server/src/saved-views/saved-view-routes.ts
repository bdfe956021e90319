import type { Database } from '@stagewatch/db/database.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/audience.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { savedViewList, savedViewRequest } from '@stagewatch/shared/contract/saved-views.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { callerOf } from '../access/route-access.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { addView, listViews, removeView, viewerOf } from './saved-views.ts'

const tags = ['orders']
const querystring = z.strictObject({ site: z.string().optional() })
const params = z.object({ id: z.string().max(64) })

interface SavedViewRouteOptions {
  readonly database: Database
  readonly sites: { get(code: string): Promise<{ readonly privacy: { readonly now: Privacy } }> }
}

/** Saved filters of lists. They return the current list whenever they are opened. */
export function savedViewRoutes(app: TypedApp, { database, sites }: SavedViewRouteOptions): void {
  const list = async (request: FastifyRequest) => {
    const viewer = viewerOf(callerOf(request))
    const { privacy } = await sites.get(viewer.site)
    return { views: await listViews(database, viewer, privacy.now) }
  }

  app.get('/api/v1/views', {
    config: { access: 'person' },
    schema: {
      summary: 'Saved views of the overview and of order lists: your own and those shared by others',
      tags,
      querystring,
      response: { 200: savedViewList, ...refusals },
    },
    handler: list,
  })

  app.post('/api/v1/views', {
    config: { access: 'person' },
    schema: {
      summary: 'Save a view',
      tags,
      querystring,
      body: savedViewRequest,
      response: { 200: savedViewList, ...refusals, 409: problem },
    },
    handler: async (request) => {
      await addView(database, viewerOf(callerOf(request)), request.body)
      return list(request)
    },
  })

  app.delete('/api/v1/views/:id', {
    config: { access: 'person' },
    schema: { summary: 'Delete a view', tags, params, querystring, response: { 200: savedViewList, ...refusals } },
    handler: async (request) => {
      await removeView(database, viewerOf(callerOf(request)), request.params.id)
      return list(request)
    },
  })
}
