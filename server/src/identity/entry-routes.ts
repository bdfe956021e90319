import { sampleEntry, setupRequest, signedIn, signInOptions } from '@stagewatch/shared/contract/me.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { roles } from '@stagewatch/shared/domain/access/action.ts'
import { AppError } from '../platform/app-error.ts'
import { sampleSite } from '../platform/site.ts'
import { addressOf } from '../access/route-access.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import type { Identity } from './identity.ts'
import { answerEnrolled, sessionOrigin } from './session-answer.ts'

const refusals = { 400: problem, 403: problem, 409: problem, 429: problem } as const

interface EntryRouteOptions {
  readonly identity: Identity
  readonly sites: SiteRegistry
}

/** Routes for people whom the server does not know yet. */
export function entryRoutes(app: TypedApp, { identity, sites }: EntryRouteOptions): void {
  const { enrollment, limits, mail, settings } = identity
  const sampleRoles = () => {
    const isThere = sites.has(sampleSite)
    return settings.sampleOpen === true && isThere ? [...roles] : []
  }

  app.get('/api/v1/sign-in', {
    config: { access: 'everyone' },
    schema: { summary: 'Ways to sign in', tags: ['people'], security: [], response: { 200: signInOptions } },
    handler: async () => ({
      needsSetup: await enrollment.needsSetup(),
      ...(settings.singleSignOn !== undefined && { singleSignOn: settings.singleSignOn.name }),
      mail: mail.isPossible,
      sampleRoles: sampleRoles(),
    }),
  })

  app.post('/api/v1/setup', {
    config: { access: 'everyone' },
    schema: {
      summary: 'Create the first administrator, with the link printed at start',
      tags: ['people'],
      security: [],
      body: setupRequest,
      response: { 200: signedIn, ...refusals },
    },
    handler: (request, reply) =>
      answerEnrolled(request, reply, identity, () =>
        limits.byLink(addressOf(request), () => enrollment.setUp(request.body, sessionOrigin(request))),
      ),
  })

  app.post('/api/v1/sample/enter', {
    config: { access: 'everyone' },
    schema: {
      summary: 'Enter the sample site in a role, if there is one',
      tags: ['people'],
      security: [],
      body: sampleEntry,
      response: { 200: signedIn, ...refusals },
    },
    handler: async (request, reply) => {
      const { role } = request.body
      if (!sampleRoles().includes(role)) throw new AppError('forbidden', 'there is no sample site here')
      await limits.countEntry(addressOf(request))
      return answerEnrolled(request, reply, identity, () => enrollment.enterSample(role, sessionOrigin(request)))
    },
  })
}
