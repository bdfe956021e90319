import { problem } from '@stagewatch/shared/contract/problem.ts'
import { siteTranslations, translations, type Translations } from '@stagewatch/shared/contract/names.ts'
import { z } from 'zod'
import { expectedVersion, versionOf } from '../platform/edit-version.ts'
import { actorOf } from '../access/actor.ts'
import { callerOf } from '../access/route-access.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { RuleRouteOptions } from './rule-service.ts'

const querystring = z.strictObject({ site: z.string().optional() })

/** Translations contain the names of all customers, so callers from whom the site may hide these cannot read them. */
export function translationRoutes(app: TypedApp, { sites }: RuleRouteOptions): void {
  app.get('/api/v1/translations', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Translated names of customers, people, departments and reasons',
      tags: ['administration'],
      querystring,
      response: { 200: siteTranslations, ...refusals },
    },
    handler: async (request) => versioned((await sites.get(callerOf(request).site)).translations.now),
  })

  app.put('/api/v1/translations', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Replace the translations; screens show them at once',
      tags: ['administration'],
      querystring,
      body: translations,
      response: { 200: siteTranslations, ...refusals, 409: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { translations: saved } = await sites.get(caller.site)
      await saved.save(request.body, actorOf(caller), expectedVersion(request.headers))
      return versioned(saved.now)
    },
  })
}

function versioned(now: Translations) {
  return { translations: now, version: versionOf(now) }
}
