import { ended, membership, peopleList, person, resetLink } from '@stagewatch/shared/contract/people.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { isWithinScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { z } from 'zod'
import { recordAccessChange } from '../access/record-access-change.ts'
import { AppError } from '../app-error.ts'
import { refusals } from './refusals.ts'
import { callerOf } from './route-access.ts'
import type { RouteContext, TypedApp } from './route-context.ts'

const tags = ['people']
const params = z.object({ id: z.string() })
const querystring = z.strictObject({ site: z.string().optional() })
const changing = { ...refusals, 404: problem, 409: problem } as const

/** The people of a site. */
export function registerPeopleRoutes(app: TypedApp, { identity, database, clock }: RouteContext): void {
  const { people, invitations } = identity

  app.get('/api/v1/people', {
    config: { access: 'people.read' },
    schema: {
      summary: 'People and open invitations, of your departments',
      tags,
      querystring,
      response: { 200: peopleList, ...refusals },
    },
    handler: async (request) => {
      const { site, departments } = callerOf(request)
      const isSeen = (one: { readonly departments?: readonly string[] | undefined }) =>
        isWithinScope(one.departments, departments)
      const [all, open] = [await people.list(site), await invitations.list(site)]
      return { people: all.filter(isSeen), invitations: open.filter(isSeen) }
    },
  })

  app.put('/api/v1/people/:id', {
    config: { access: 'people.manage' },
    schema: {
      summary: 'Change what somebody may do here',
      tags,
      params,
      querystring,
      body: membership,
      response: { 200: person, ...changing },
    },
    handler: (request) => people.change(callerOf(request), request.params.id, request.body),
  })

  app.delete('/api/v1/people/:id', {
    config: { access: 'people.manage' },
    schema: {
      summary: 'End what somebody may do here',
      tags,
      params,
      querystring,
      response: { 200: ended, ...changing },
    },
    handler: async (request) => {
      const { id } = request.params
      await people.remove(callerOf(request), id)
      return { id }
    },
  })

  // Who could do this of another could sign in as them, at other sites as well.
  app.post('/api/v1/people/:id/reset-link', {
    config: { access: 'operator' },
    schema: {
      summary: 'A link to choose a new password; for commands on the machine of the server',
      tags,
      params,
      querystring,
      response: { 200: resetLink, ...changing },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const found = (await people.list(caller.site)).find(({ id }) => id === request.params.id)
      if (found === undefined) throw new AppError('not_found', 'there is no such person here', { field: 'id' })
      const change = { action: 'person.changed', subject: found.email, after: { resetLink: true } } as const
      await recordAccessChange(database, caller, clock.now(), change)
      const token = await (await identity.auth()).newResetToken(found.id)
      return { link: identity.linkTo('reset', token) }
    },
  })
}
