import { confirmation, me, meChange } from '@stagewatch/shared/contract/me.ts'
import type { Me } from '@stagewatch/shared/contract/me.ts'
import { isLanguage } from '@stagewatch/shared/domain/locales.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { logSecurity } from '../platform/security-log.ts'
import { AppError } from '../platform/app-error.ts'
import { recordAccountChange } from './account-changes.ts'
import type { Identity } from './identity.ts'
import type { SessionPerson } from './sessions-table.ts'
import { renameUser } from './users-table.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import { addressOf, callerOf } from '../access/route-access.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { Database } from '@stagewatch/db/database.ts'
import type { SiteVisibility } from './visible-sites.ts'
import { visibleSites } from './visible-sites.ts'

interface MeRouteOptions extends SiteVisibility {
  readonly database: Database
  readonly clock: Clock
}

export function meRoutes(app: TypedApp, options: MeRouteOptions): void {
  const { identity, database, clock } = options
  app.get('/api/v1/me', {
    config: { access: 'identified', load: 'never' },
    schema: {
      summary: 'The caller and their permissions',
      tags: ['people'],
      querystring: z.strictObject({ site: z.string().optional() }),
      response: { 200: me, ...refusals },
    },
    handler: async (request): Promise<Me> => {
      const caller = callerOf(request)
      const { kind, name, site, role, actions, privacy } = caller
      const person = kind === 'person' ? await identity.sessions.find(request.headers.cookie ?? '') : undefined
      // As named in the role, not extended by the other texts of these departments.
      const membership = person?.memberships.find((one) => one.site === site)
      const departments = membership?.departments ?? caller.departments
      const language = person?.language ?? null
      const known = await visibleSites(request, caller, options)
      const shownName = person?.name ?? name
      const names = known.find((one) => one.site.code === site)?.pipeline?.translations.of([shownName])?.[shownName]
      return {
        kind,
        name: shownName,
        ...(names !== undefined && { names }),
        ...(person !== undefined && { id: person.id, email: person.email, twoFactor: person.twoFactor }),
        ...(isLanguage(language) && { language }),
        ...(typeof person?.timeZone === 'string' && { timeZone: person.timeZone }),
        site,
        ...(role !== undefined && { role }),
        ...(departments !== undefined && { departments: [...departments] }),
        actions: [...actions],
        privacy,
        sites: known.map(({ site: { code, name: siteName, timeZone, sample }, role: roleThere }) => {
          return { code, name: siteName, timeZone, sample, ...(roleThere !== undefined && { role: roleThere }) }
        }),
      }
    },
  })

  app.put('/api/v1/me', {
    config: { access: 'person' },
    schema: {
      summary: 'Change your display name',
      tags: ['people'],
      body: meChange,
      response: { 200: meChange, ...refusals },
    },
    handler: async (request) => {
      const { name } = request.body
      const { id, email, name: before } = await signedIn(request, identity)
      await database.transaction(async (tx) => {
        await renameUser(tx, id, name)
        const actor = { kind: 'person', name: email } as const
        const change = {
          userId: id,
          email,
          actor,
          action: 'person.renamed',
          before: { name: before },
          after: { name },
        } as const
        await recordAccountChange(tx, change, clock.now())
      })
      identity.sessions.forget()
      return { name }
    },
  })

  app.post('/api/v1/me/confirm', {
    config: { access: 'person' },
    schema: {
      summary: 'Confirm your identity again; sensitive actions need a confirmation within the last ten minutes',
      tags: ['people'],
      body: confirmation,
      response: { 200: confirmed, ...refusals },
    },
    handler: async (request) => {
      const person = await signedIn(request, identity)
      const isRight = await identity.reauthentication.confirm(person, request.headers.cookie ?? '', request.body)
      const security = isRight ? 'reauthentication.succeeded' : 'reauthentication.failed'
      const details = { who: person.email, address: addressOf(request), requestId: request.id }
      logSecurity(request.log, security, details)
      if (isRight) return { confirmed: true as const }
      throw new AppError('invalid_field', 'is not correct', {
        field: Object.keys(request.body)[0] ?? '',
        reason: 'incorrect',
      })
    },
  })
}

const confirmed = z.object({ confirmed: z.literal(true) })

export async function signedIn({ headers }: FastifyRequest, { sessions }: Identity): Promise<SessionPerson> {
  const person = await sessions.find(headers.cookie ?? '')
  if (person === undefined) throw new AppError('unauthorized', 'the session has just ended: sign in')
  return person
}
