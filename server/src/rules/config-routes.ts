import { problem } from '@stagewatch/shared/contract/problem.ts'
import {
  configApplication,
  configDifference,
  siteConfig,
  siteConfigAnswer,
} from '@stagewatch/shared/contract/site-config.ts'
import { z } from 'zod'
import { actorOf } from '../access/actor.ts'
import { callerOf } from '../access/route-access.ts'
import { expectedVersion, versionOf } from '../platform/edit-version.ts'
import { ruleBytes } from '../platform/http/json-body.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { ConfigSection } from './config-section.ts'
import type { RuleRouteOptions } from './rule-service.ts'
import { differenceOf } from './site-config.ts'

const tags = ['administration']
const querystring = z.strictObject({ site: z.string().optional() })
/** Room for several processes and calendars, and for the names of all customers. */
const configBytes = 8 * ruleBytes

interface ConfigRouteOptions extends RuleRouteOptions {
  /** What other folders add to the configuration. */
  readonly sections: readonly ConfigSection[]
}

/**
 * The whole configuration of a site. It includes privacy and translations, so only managers of the site may read it.
 */
export function configRoutes(app: TypedApp, { sites, sections }: ConfigRouteOptions): void {
  app.get('/api/v1/admin/config', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'The configuration of the site as one document',
      tags,
      querystring,
      response: { 200: siteConfigAnswer, ...refusals },
    },
    handler: async (request) => {
      const { catalog } = await sites.get(callerOf(request).site)
      const config = await catalog.config(sections)
      return { config, version: versionOf(config) }
    },
  })

  app.post('/api/v1/admin/config/diff', {
    config: { access: 'site.manage' },
    bodyLimit: configBytes,
    schema: {
      summary: 'What a configuration would change, field by field',
      tags,
      querystring,
      body: siteConfig,
      response: { 200: configDifference, ...refusals },
    },
    handler: async (request) => {
      const { catalog } = await sites.get(callerOf(request).site)
      return differenceOf(await catalog.config(sections), request.body)
    },
  })

  app.post('/api/v1/admin/config/apply', {
    config: { access: 'site.manage' },
    bodyLimit: configBytes,
    schema: {
      summary: 'Apply a configuration to the site, as a whole or not at all',
      tags,
      querystring,
      body: configApplication,
      response: { 200: configDifference, ...refusals, 409: problem, 422: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const rules = await sites.get(caller.site)
      const { config, reason } = request.body
      const change = { actor: actorOf(caller), reason, expected: expectedVersion(request.headers) }
      let difference: z.infer<typeof configDifference> | undefined
      await rules.changeProcess(async (catalog) => {
        const applied = await catalog.applyConfig(config, change, sections)
        difference = applied.difference
        return applied.foldsOtherwise
      })
      return difference ?? differenceOf(config, config)
    },
  })
}
