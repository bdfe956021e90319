import { signedIn } from '@stagewatch/shared/contract/me.ts'
import {
  ended,
  invitationAcceptance,
  invitationCreated,
  invitationRequest,
} from '@stagewatch/shared/contract/people.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import { refusals } from '../platform/http/problem-answer.ts'
import { requestOrigin } from '../platform/http/same-origin.ts'
import { addressOf, callerOf } from '../access/route-access.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import type { Identity } from './identity.ts'
import { answerEnrolled, sessionOrigin } from './session-answer.ts'

const tags = ['people']
const querystring = z.strictObject({ site: z.string().optional() })
const accepting = { 400: problem, 403: problem, 404: problem, 409: problem, 410: problem, 429: problem } as const

interface InvitationRouteOptions {
  readonly identity: Identity
  readonly sites: SiteRegistry
}

export function invitationRoutes(app: TypedApp, { identity, sites }: InvitationRouteOptions): void {
  const { enrollment, invitations, limits, sessions } = identity

  app.post('/api/v1/invitations', {
    config: { access: 'people.manage', recentProof: true },
    schema: {
      summary: 'Invite somebody',
      tags,
      querystring,
      body: invitationRequest,
      response: { 200: invitationCreated, ...refusals, 409: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { sample } = (await sites.get(caller.site)).site
      const origin = caller.kind === 'person' ? requestOrigin(request) : undefined
      return invitations.invite(caller, request.body, sample, origin)
    },
  })

  app.delete('/api/v1/invitations/:id', {
    config: { access: 'people.manage' },
    schema: {
      summary: 'Withdraw an invitation',
      tags,
      params: z.object({ id: z.string() }),
      querystring,
      response: { 200: ended, ...refusals, 404: problem },
    },
    handler: async (request) => {
      const { id } = request.params
      await invitations.withdraw(callerOf(request), id)
      return { id }
    },
  })

  app.post('/api/v1/invitations/accept', {
    config: { access: 'everyone' },
    schema: {
      summary: 'Accept an invitation: a signed-in user joins the site, a new user gets an account and is signed in',
      tags,
      security: [],
      body: invitationAcceptance,
      response: { 200: signedIn, ...accepting },
    },
    handler: async (request, reply) => {
      const { body, headers } = request
      const person = await sessions.find(headers.cookie ?? '')
      const accept = () => enrollment.acceptInvitation(body, person, sessionOrigin(request))
      return answerEnrolled(request, reply, identity, () => limits.byLink(addressOf(request), accept))
    },
  })
}
