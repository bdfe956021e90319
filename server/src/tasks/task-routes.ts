import type { Database } from '@stagewatch/db/database.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import {
  taskBoard,
  taskDetail,
  taskDone,
  taskMoveRequest,
  taskRequest,
  taskRules,
  taskRulesView,
  tasksQuery,
  taskTargets,
} from '@stagewatch/shared/contract/tasks.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { actorOf } from '../access/actor.ts'
import { callerOf } from '../access/route-access.ts'
import type { Identity } from '../identity/identity.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { expectedVersion, versionOf } from '../platform/edit-version.ts'
import { withTranslations } from '../rules/with-translations.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { createTask } from './create-task.ts'
import type { TaskContext } from './create-task.ts'
import { describeTask, listTasks, readTask } from './list-tasks.ts'
import { actOnTask } from './move-task.ts'
import { changeTaskRules, loadTaskRules } from './task-rules.ts'
import { listTargets } from './task-targets.ts'

const tags = ['tasks']
const querystring = z.strictObject({ site: z.string().optional() })
const params = z.object({ id: z.string().regex(/^\d{1,15}$/, 'must be the number of a task') })
const notFound = { ...refusals, 404: problem }

interface TaskRouteOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
  readonly identity: Identity
}

export function taskRoutes(app: TypedApp, options: TaskRouteOptions): void {
  const { database, clock, sites, identity } = options

  const contextOf = async (request: FastifyRequest): Promise<TaskContext> => {
    const caller = callerOf(request)
    // The name of the person as others see it; an API key or a command has no separate display name.
    const person = caller.kind === 'person' ? await identity.sessions.find(request.headers.cookie ?? '') : undefined
    return { database, pipeline: await sites.get(caller.site), clock, personName: person?.name ?? caller.name }
  }
  const rulesNow = async (site: string) => {
    const now = await loadTaskRules(database, site)
    return { ...now, version: versionOf(now) }
  }

  app.get('/api/v1/task-rules', {
    config: { access: 'rules.read' },
    schema: {
      summary: 'How tasks are assigned and closed',
      tags,
      querystring,
      response: { 200: taskRulesView, ...refusals },
    },
    handler: (request) => rulesNow(callerOf(request).site),
  })

  app.put('/api/v1/task-rules', {
    config: { access: 'rules.change' },
    schema: {
      summary: 'Change how tasks are assigned and closed',
      tags,
      querystring,
      body: taskRules,
      response: { 200: taskRulesView, ...refusals, 409: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const expected = expectedVersion(request.headers)
      const change = { actor: actorOf(caller), expected, changedAt: clock.now() }
      await changeTaskRules(database, caller.site, request.body, change)
      return rulesNow(caller.site)
    },
  })

  app.get('/api/v1/tasks', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'The task board: what is open, and what was closed today',
      tags,
      querystring: tasksQuery,
      response: { 200: taskBoard, ...refusals },
    },
    handler: (request) => {
      const { site: _site, ...query } = request.query
      return listTasks(options, callerOf(request), query)
    },
  })

  app.post('/api/v1/tasks', {
    config: { access: 'orders.act' },
    schema: {
      summary: 'Create a task, for an order, for an alert, or for neither',
      tags,
      querystring,
      body: taskRequest,
      response: { 200: taskDone, ...notFound, 409: problem },
    },
    handler: async (request) => createTask(callerOf(request), request.body, await contextOf(request)),
  })

  app.get('/api/v1/tasks/:id', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'A task, with what became of it',
      tags,
      params,
      querystring,
      response: { 200: taskDetail, ...notFound },
    },
    handler: (request) => describeTask(options, callerOf(request), Number(request.params.id)),
  })

  app.get('/api/v1/tasks/:id/targets', {
    config: { access: 'orders.act' },
    schema: {
      summary: 'To whom a task can be given: people who see it, and departments',
      tags,
      params,
      querystring,
      response: { 200: taskTargets, ...notFound },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const pipeline = await sites.get(caller.site)
      const { row } = await readTask({ database }, caller, pipeline, Number(request.params.id))
      return withTranslations(await listTargets(database, caller, row, { pipeline, clock }), pipeline.translations)
    },
  })

  app.post('/api/v1/tasks/:id/moves', {
    config: { access: 'orders.act' },
    schema: {
      summary:
        'Move a task: claim, assign, release, hand over, accept, refuse, wait, promise news, resume, submit, verify, ' +
        'send back, reopen, or comment on it',
      tags,
      params,
      querystring,
      body: taskMoveRequest,
      response: { 200: taskDone, ...notFound, 409: problem },
    },
    handler: async (request) =>
      actOnTask(callerOf(request), Number(request.params.id), request.body, await contextOf(request)),
  })
}
