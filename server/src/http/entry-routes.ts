import { sampleEntry, setupRequest, signedIn, signInOptions } from '@stagewatch/shared/contract/me.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { roles } from '@stagewatch/shared/domain/access/role.ts'
import { AppError } from '../app-error.ts'
import { sampleSite } from '../sites/site.ts'
import type { RouteContext, TypedApp } from './route-context.ts'
import { answerAdmitted, sessionOrigin } from './session-answer.ts'

const refusals = { 400: problem, 403: problem, 409: problem, 429: problem } as const

/** The ways in for somebody whom the server does not know yet. */
export function registerEntryRoutes(app: TypedApp, { identity, sites }: RouteContext): void {
  const { admission, limits, mail, settings } = identity
  const sampleRoles = async () => {
    const isThere = (await sites.list()).some(({ site }) => site.code === sampleSite)
    return settings.sampleOpen === true && isThere ? [...roles] : []
  }

  app.get('/api/v1/sign-in', {
    config: { access: 'everyone' },
    schema: { summary: 'Ways to sign in', tags: ['people'], security: [], response: { 200: signInOptions } },
    handler: async () => ({
      needsSetup: await admission.needsSetup(),
      ...(settings.singleSignOn !== undefined && { singleSignOn: settings.singleSignOn.name }),
      mail: mail.isPossible,
      sampleRoles: await sampleRoles(),
    }),
  })

  app.post('/api/v1/setup', {
    config: { access: 'everyone' },
    schema: {
      summary: 'Make the first administrator, with the link that was printed at start',
      tags: ['people'],
      security: [],
      body: setupRequest,
      response: { 200: signedIn, ...refusals },
    },
    handler: async (request, reply) => {
      const { body, ip } = request
      const admitted = await limits.attempt(
        ip,
        () => admission.setUp(body, sessionOrigin(request)),
        () => false,
      )
      return answerAdmitted(admitted, identity, reply)
    },
  })

  app.post('/api/v1/sample/enter', {
    config: { access: 'everyone' },
    schema: {
      summary: 'Enter the sample in a role, where there is one',
      tags: ['people'],
      security: [],
      body: sampleEntry,
      response: { 200: signedIn, ...refusals },
    },
    handler: async (request, reply) => {
      const { role } = request.body
      if (!(await sampleRoles()).includes(role)) throw new AppError('forbidden', 'there is no sample to enter here')
      limits.countEntry(request.ip)
      return answerAdmitted(await admission.enterSample(role, sessionOrigin(request)), identity, reply)
    },
  })
}
