import type { Database } from '@stagewatch/db/database.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { absenceRequest, memberSettings, skillList, skills, teamList } from '@stagewatch/shared/contract/team.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { actorOf } from '../access/actor.ts'
import { callerOf } from '../access/route-access.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { expectedVersion, versionOf } from '../platform/edit-version.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { changeSkills, loadSkills } from '../rules/site-skills.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { changeMember, enterAbsence, removeAbsence } from './change-team.ts'
import type { TeamContext } from './change-team.ts'
import { describeTeam } from './describe-team.ts'
import { withTranslations } from '../rules/with-translations.ts'

const tags = ['team']
const querystring = z.strictObject({ site: z.string().optional() })
const id = z.string().max(64)
const params = z.object({ id })
const absenceParams = z.object({ id, absence: z.string().max(64) })
const changing = { 200: teamList, ...refusals, 404: problem, 409: problem, 422: problem } as const

interface TeamRouteOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
}

/** Skills and working times of people. Callers who manage nobody see and change only their own. */
export function teamRoutes(app: TypedApp, { database, clock, sites }: TeamRouteOptions): void {
  const list = async (request: FastifyRequest) => {
    const caller = callerOf(request)
    const pipeline = await sites.get(caller.site)
    return withTranslations(await describeTeam(database, caller, pipeline, clock.now()), pipeline.translations)
  }
  const contextOf = async (request: FastifyRequest): Promise<TeamContext> => {
    const { departments, privacy } = await sites.get(callerOf(request).site)
    return { database, departments: departments.now, privacy: privacy.now, now: clock.now() }
  }

  app.get('/api/v1/skills', {
    config: { access: 'team.read' },
    schema: {
      summary: 'Skills that people of the site can have',
      tags,
      querystring,
      response: { 200: skillList, ...refusals },
    },
    handler: async (request) => versioned(await loadSkills(database, callerOf(request).site)),
  })

  app.put('/api/v1/skills', {
    config: { access: 'departments.manage' },
    schema: {
      summary: 'Replace the list of skills',
      tags,
      querystring,
      body: skills,
      response: { 200: skillList, ...refusals, 409: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const expected = expectedVersion(request.headers)
      const change = { actor: actorOf(caller), expected, changedAt: clock.now() }
      await changeSkills(database, caller.site, request.body, change)
      return versioned(await loadSkills(database, caller.site))
    },
  })

  app.get('/api/v1/team', {
    config: { access: 'member' },
    schema: {
      summary: 'The people you are responsible for, or only you: skills, calendars, absences, and who is at work now',
      tags,
      querystring,
      response: { 200: teamList, ...refusals },
    },
    handler: list,
  })

  app.put('/api/v1/team/:id', {
    config: { access: 'member' },
    schema: {
      summary: 'Set the skills and the calendar of a person',
      tags,
      params,
      querystring,
      body: memberSettings,
      response: changing,
    },
    handler: async (request) => {
      const expected = expectedVersion(request.headers)
      await changeMember(callerOf(request), request.params.id, request.body, expected, await contextOf(request))
      return list(request)
    },
  })

  app.post('/api/v1/team/:id/absences', {
    config: { access: 'member' },
    schema: {
      summary: 'Add an absence',
      tags,
      params,
      querystring,
      body: absenceRequest,
      response: changing,
    },
    handler: async (request) => {
      const entry = { request: request.body, expected: null }
      await enterAbsence(callerOf(request), request.params.id, entry, await contextOf(request))
      return list(request)
    },
  })

  app.put('/api/v1/team/:id/absences/:absence', {
    config: { access: 'member' },
    schema: {
      summary: 'Change an absence',
      tags,
      params: absenceParams,
      querystring,
      body: absenceRequest,
      response: changing,
    },
    handler: async (request) => {
      const { id: userId, absence } = request.params
      const entry = { id: absence, request: request.body, expected: expectedVersion(request.headers) }
      await enterAbsence(callerOf(request), userId, entry, await contextOf(request))
      return list(request)
    },
  })

  app.delete('/api/v1/team/:id/absences/:absence', {
    config: { access: 'member' },
    schema: {
      summary: 'Delete an absence',
      tags,
      params: absenceParams,
      querystring,
      response: changing,
    },
    handler: async (request) => {
      const { id: userId, absence } = request.params
      await removeAbsence(callerOf(request), userId, absence, await contextOf(request))
      return list(request)
    },
  })
}

function versioned(now: z.infer<typeof skills>) {
  return { skills: now, version: versionOf(now) }
}
