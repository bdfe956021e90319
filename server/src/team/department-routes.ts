import type { Database } from '@stagewatch/db/database.ts'
import {
  departmentList,
  departmentMerge,
  departmentNames,
  departmentSettings,
  departmentText,
} from '@stagewatch/shared/contract/departments.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { textsOf } from '@stagewatch/shared/domain/departments.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { actorOf } from '../access/actor.ts'
import { callerOf } from '../access/route-access.ts'
import { expectedVersion } from '../platform/edit-version.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { describeDepartments } from './describe-departments.ts'

const tags = ['team']
const params = z.object({ key: departmentText })
const querystring = z.strictObject({ site: z.string().optional() })
const changing = { 200: departmentList, ...refusals, 404: problem, 409: problem, 422: problem } as const

interface DepartmentRouteOptions {
  readonly database: Database
  readonly sites: SiteRegistry
}

/** The managed list of what orders, stages and people name as departments. */
export function departmentRoutes(app: TypedApp, { database, sites }: DepartmentRouteOptions): void {
  const list = async (request: FastifyRequest) => {
    const { site, departments } = callerOf(request)
    return describeDepartments(database, await sites.get(site), departments)
  }

  app.get('/api/v1/department-names', {
    config: { access: 'board.read' },
    schema: {
      summary: 'Names of the departments that you can see',
      tags,
      querystring,
      response: { 200: departmentNames, ...refusals },
    },
    handler: async (request) => {
      const { site, departments: scope } = callerOf(request)
      const { departments } = await sites.get(site)
      const seen = departments.now.filter((one) => scope === undefined || textsOf(one).some((t) => scope.includes(t)))
      return {
        departments: seen.map(({ key, name, aliases, archived }) => ({ key, name, aliases: [...aliases], archived })),
      }
    },
  })

  app.get('/api/v1/departments', {
    config: { access: 'team.read' },
    schema: {
      summary: 'Departments with their leads, calendars and counts, and department texts in events that belong to none',
      tags,
      querystring,
      response: { 200: departmentList, ...refusals },
    },
    handler: list,
  })

  // The texts of a department decide whose orders somebody may see.
  app.put('/api/v1/departments/:key', {
    config: { access: 'departments.manage', recentProof: true },
    schema: {
      summary: 'Create or change a department, or adopt one that events name',
      tags,
      params,
      querystring,
      body: departmentSettings,
      response: changing,
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const pipeline = await sites.get(caller.site)
      const expected = expectedVersion(request.headers)
      await pipeline.departments.save(request.params.key, request.body, actorOf(caller), expected)
      await pipeline.readRules()
      return list(request)
    },
  })

  app.post('/api/v1/departments/:key/merge', {
    config: { access: 'departments.manage', recentProof: true },
    schema: {
      summary: 'Merge a department into another one: whoever sees the orders of either sees those of both',
      tags,
      params,
      querystring,
      body: departmentMerge,
      response: changing,
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const pipeline = await sites.get(caller.site)
      const expected = expectedVersion(request.headers)
      await pipeline.departments.merge(request.params.key, request.body.into, actorOf(caller), expected)
      await pipeline.readRules()
      return list(request)
    },
  })
}
