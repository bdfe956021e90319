import { signedIn } from '@stagewatch/shared/contract/me.ts'
import {
  ended,
  invitationAcceptance,
  invitationCreated,
  invitationRequest,
} from '@stagewatch/shared/contract/people.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import { adminCaller } from './admin-caller.ts'
import { refusals } from './refusals.ts'
import { callerOf } from './route-access.ts'
import type { RouteContext, TypedApp } from './route-context.ts'
import { answerAdmitted, sessionOrigin } from './session-answer.ts'

const tags = ['people']
const querystring = z.strictObject({ site: z.string().optional() })
const accepting = { 400: problem, 403: problem, 404: problem, 409: problem, 410: problem, 429: problem } as const

export function registerInvitationRoutes(app: TypedApp, context: RouteContext): void {
  const { admission, invitations, limits, sessions } = context.identity

  app.post('/api/v1/invitations', {
    config: { access: 'people.manage' },
    schema: {
      summary: 'Invite somebody',
      tags,
      querystring,
      body: invitationRequest,
      response: { 200: invitationCreated, ...refusals, 409: problem },
    },
    handler: async (request) => {
      const { sample } = (await adminCaller(request, context)).pipeline.site
      // Anybody may play administrator in the sample.
      return invitations.invite(callerOf(request), request.body, !sample)
    },
  })

  app.delete('/api/v1/invitations/:id', {
    config: { access: 'people.manage' },
    schema: {
      summary: 'Take an invitation back',
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
      summary: 'Accept an invitation: whoever is signed in joins, somebody new gets an account and is signed in',
      tags,
      security: [],
      body: invitationAcceptance,
      response: { 200: signedIn, ...accepting },
    },
    handler: async (request, reply) => {
      const { body, ip, headers } = request
      const person = await sessions.find(headers.cookie ?? '')
      const accept = () => admission.acceptInvitation(body, person, sessionOrigin(request))
      return answerAdmitted(await limits.attempt(ip, accept, () => false), context.identity, reply)
    },
  })
}
