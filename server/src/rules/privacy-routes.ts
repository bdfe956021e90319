import { privacy, sitePrivacy } from '@stagewatch/shared/contract/privacy.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import type { Privacy } from '@stagewatch/shared/domain/access/audience.ts'
import { expectedVersion, versionOf } from '../platform/edit-version.ts'
import { actorOf } from '../access/actor.ts'
import { callerOf } from '../access/route-access.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { RuleRouteOptions } from './rule-service.ts'

const querystring = z.strictObject({ site: z.string().optional() })

export function privacyRoutes(app: TypedApp, { sites }: RuleRouteOptions): void {
  app.get('/api/v1/privacy', {
    config: { access: 'member' },
    schema: {
      summary: 'Privacy settings of the site',
      tags: ['administration'],
      querystring,
      response: { 200: sitePrivacy, ...refusals },
    },
    handler: async (request) => versioned((await sites.get(callerOf(request).site)).privacy.now),
  })

  app.put('/api/v1/privacy', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Set whether customers are masked, amounts hidden and people unnamed',
      tags: ['administration'],
      querystring,
      body: privacy,
      response: { 200: sitePrivacy, ...refusals, 409: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const rules = await sites.get(caller.site)
      await rules.privacy.save(request.body, actorOf(caller), expectedVersion(request.headers))
      return versioned(rules.privacy.now)
    },
  })
}

function versioned(now: Privacy) {
  return { ...now, version: versionOf(now) }
}
