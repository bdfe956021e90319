import { isDeepStrictEqual } from 'node:util'
import type { Database } from '@stagewatch/db/database.ts'
import { languageChoice } from '@stagewatch/shared/contract/me.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { profile, profileSettings } from '@stagewatch/shared/contract/profile.ts'
import type { Profile, ProfileSettings } from '@stagewatch/shared/contract/profile.ts'
import { z } from 'zod'
import { requireOwnDepartments } from '../access/caller.ts'
import { callerOf } from '../access/route-access.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { expectedVersion, requireVersion, versionOf } from '../platform/edit-version.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { recordAccountChange } from './account-changes.ts'
import type { Identity } from './identity.ts'
import { signedIn } from './me-routes.ts'
import { loadProfile, saveLanguage, saveProfile } from './profiles-table.ts'
import type { StoredProfile } from './profiles-table.ts'
import { renameUser } from './users-table.ts'

const tags = ['people']

interface ProfileRouteOptions {
  readonly identity: Identity
  readonly database: Database
  readonly clock: Clock
}

/** Phone numbers and ids of people are visible only to themselves and to those who manage the people of their site. */
export function profileRoutes(app: TypedApp, { identity, database, clock }: ProfileRouteOptions): void {
  app.get('/api/v1/me/profile', {
    config: { access: 'person' },
    schema: {
      summary: 'Your name, language, time zone and contact details',
      tags,
      response: { 200: profile, ...refusals },
    },
    handler: async (request) => viewOf(required(await loadProfile(database, (await signedIn(request, identity)).id))),
  })

  app.put('/api/v1/me/profile', {
    config: { access: 'person' },
    schema: {
      summary: 'Change your name, language, time zone and contact details',
      tags,
      body: profileSettings,
      response: { 200: profile, ...refusals, 409: problem },
    },
    handler: async (request) => {
      const { id, email, fictional } = await signedIn(request, identity)
      // Everybody who plays the role would read it.
      if (fictional) throw new AppError('forbidden', 'people of the sample site have no contact details')
      const after = request.body
      const changed = await database.transaction(async (tx) => {
        const stored = required(await loadProfile(tx, id, 'update'))
        const { settings: before } = stored
        requireVersion(expectedVersion(request.headers), { current: before, yours: after })
        if (isDeepStrictEqual(before, after)) return stored
        await saveProfile(tx, id, after)
        const of = { userId: id, email, actor: { kind: 'person', name: email } } as const
        if (before.name !== after.name) {
          await renameUser(tx, id, after.name)
          const names = { before: { name: before.name }, after: { name: after.name } }
          await recordAccountChange(tx, { ...of, action: 'person.renamed', ...names }, clock.now())
        }
        const told = { before: recorded(before), after: recorded(after) }
        await recordAccountChange(tx, { ...of, action: 'profile.changed', ...told }, clock.now())
        return { ...stored, settings: after }
      })
      identity.sessions.forget()
      return viewOf(changed)
    },
  })

  app.put('/api/v1/me/language', {
    config: { access: 'person' },
    schema: {
      summary: 'Set your language for all devices',
      tags,
      body: languageChoice,
      response: { 200: languageChoice, ...refusals },
    },
    handler: async (request) => {
      const { id, fictional } = await signedIn(request, identity)
      if (!fictional) await saveLanguage(database, id, request.body.language)
      identity.sessions.forget()
      return request.body
    },
  })

  app.get('/api/v1/people/:id/profile', {
    config: { access: 'people.manage' },
    schema: {
      summary: 'Contact details of a person in your departments',
      tags,
      params: z.object({ id: z.string().max(64) }),
      querystring: z.strictObject({ site: z.string().optional() }),
      response: { 200: profile, ...refusals, 404: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const found = (await identity.people.list(caller.site)).find(({ id }) => id === request.params.id)
      if (found === undefined) throw new AppError('not_found', 'there is no such person here', { field: 'id' })
      requireOwnDepartments(caller, found.departments)
      return viewOf(required(await loadProfile(database, found.id)))
    },
  })
}

function required(stored: StoredProfile | undefined): StoredProfile {
  if (stored === undefined) throw new AppError('not_found', 'there is no such person', { field: 'id' })
  return stored
}

function viewOf({ settings, email, emailVerified }: StoredProfile): Profile {
  return { ...settings, email, emailVerified, version: versionOf(settings) }
}

/** Omits numbers and ids, because more people can read the change log than may see these. */
function recorded({ channels, quietHours, language, timeZone }: ProfileSettings) {
  return { channels: channels.map(({ kind }) => kind), quietHours, language, timeZone }
}
