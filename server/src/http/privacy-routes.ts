import { privacy } from '@stagewatch/shared/contract/privacy.ts'
import { z } from 'zod'
import { adminCaller } from './admin-caller.ts'
import { refusals } from './refusals.ts'
import type { RouteContext, TypedApp } from './route-context.ts'

const querystring = z.strictObject({ site: z.string().optional() })

export function registerPrivacyRoutes(app: TypedApp, context: RouteContext): void {
  app.get('/api/v1/privacy', {
    config: { access: 'identified' },
    schema: {
      summary: 'What the site keeps from everybody',
      tags: ['administration'],
      querystring,
      response: { 200: privacy, ...refusals },
    },
    handler: async (request) => (await adminCaller(request, context)).pipeline.privacy.now,
  })

  app.put('/api/v1/privacy', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Mask customers, hide amounts, name nobody',
      tags: ['administration'],
      querystring,
      body: privacy,
      response: { 200: privacy, ...refusals },
    },
    handler: async (request) => {
      const { pipeline, actor } = await adminCaller(request, context)
      await pipeline.privacy.save(request.body, actor)
      return pipeline.privacy.now
    },
  })
}
