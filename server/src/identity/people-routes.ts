import { ended, membership, peopleList, person, resetLink } from '@stagewatch/shared/contract/people.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { isWithinScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { z } from 'zod'
import { recordAccessChange } from '../access/record-access-change.ts'
import { logSecurity } from '../platform/security-log.ts'
import { AppError } from '../platform/app-error.ts'
import { expectedVersion } from '../platform/edit-version.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import { addressOf, callerOf } from '../access/route-access.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { withTranslations } from '../rules/with-translations.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import type { Identity } from './identity.ts'

const tags = ['people']
const params = z.object({ id: z.string() })
const querystring = z.strictObject({ site: z.string().optional() })
const changing = { ...refusals, 404: problem, 409: problem } as const

/** The people of a site. */
interface PeopleRouteOptions {
  readonly sites: SiteRegistry
  readonly identity: Identity
  readonly database: Database
  readonly clock: Clock
}

export function peopleRoutes(app: TypedApp, { identity, database, clock, sites }: PeopleRouteOptions): void {
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
      const list = { people: all.filter(isSeen), invitations: open.filter(isSeen) }
      return withTranslations(list, (await sites.get(site)).translations)
    },
  })

  app.put('/api/v1/people/:id', {
    config: { access: 'people.manage', recentProof: true },
    schema: {
      summary: 'Change the role and departments of a member',
      tags,
      params,
      querystring,
      body: membership,
      response: { 200: person, ...changing },
    },
    handler: (request) =>
      people.change(callerOf(request), request.params.id, request.body, expectedVersion(request.headers)),
  })

  app.delete('/api/v1/people/:id', {
    config: { access: 'people.manage', recentProof: true },
    schema: {
      summary: 'Remove a member from the site',
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

  for (const [name, summary, security] of [
    ['endSessions', 'End all sessions of a user', 'sessions.ended'],
    ['disable', 'Disable an account', 'account.disabled'],
    ['enable', 'Enable an account again', 'account.enabled'],
  ] as const) {
    app.post(`/api/v1/people/:id/${name === 'endSessions' ? 'end-sessions' : name}`, {
      config: { access: 'people.manage', recentProof: true },
      schema: { summary, tags, params, querystring, response: { 200: person, ...changing } },
      handler: async (request) => {
        const caller = callerOf(request)
        const changed = await people[name](caller, request.params.id)
        const [address, requestId] = [addressOf(request), request.id]
        const details = { who: caller.name, site: caller.site, subject: changed.email, address, requestId }
        logSecurity(request.log, security, details)
        return changed
      },
    })
  }

  // Anybody who could do this for another person could sign in as them, at other sites as well.
  app.post('/api/v1/people/:id/reset-link', {
    config: { access: 'operator' },
    schema: {
      summary: 'Create a link to choose a new password; only for the command line on the server',
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
