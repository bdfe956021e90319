import { STATUS_CODES } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from './call.ts'

const operation = z.object({
  summary: z.string().min(1),
  tags: z.array(z.string()).length(1),
  responses: z.record(z.string(), z.object({ description: z.string(), content: z.record(z.string(), z.object({})) })),
  security: z.array(z.unknown()).optional(),
  parameters: z.array(z.object({ name: z.string(), in: z.string(), schema: z.object({}) })).optional(),
  requestBody: z.object({ content: z.record(z.string(), z.object({})) }).optional(),
})
const openapi = z.object({
  openapi: z.string().regex(/^3\.[01]\.\d+$/),
  info: z.object({ title: z.string(), version: z.string() }),
  components: z.object({ securitySchemes: z.object({ key: z.object({ type: z.literal('http') }) }) }),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  paths: z.record(z.string().startsWith('/'), z.record(z.string(), operation)),
})

let server: StartedServer
let document: z.infer<typeof openapi>

beforeAll(async () => {
  server = await startServer()
  document = openapi.parse((await call(`${server.url}/api/openapi.json`)).body)
})
afterAll(() => server.close())

describe('the OpenAPI document', () => {
  it('names every route of the server that is no page', () => {
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    // better-auth defines sign-in, sessions and passwords; docs/operating/people-and-sign-in.md describes them.
    const pages =
      /^(GET (\/api\/openapi\.json|\/assets\/.*|\/docs.*|\/metrics|\/scan|\/wall(?:\/basic)?|\*|\/\*)|(GET|POST) (\/api\/auth\/.*|\/(?:approve|unsubscribe)\/\{token\}))$/
    const served = routesOf(server.server.http.printRoutes({ commonPrefix: false }))
    expect(documented.toSorted()).toEqual(served.filter((route) => !pages.test(route)).toSorted())
    expect(documented).toContain('POST /api/v1/events')
  })

  it('says who needs a key', () => {
    const withoutKey = operations().filter(({ security }) => security !== undefined)
    expect(withoutKey.map(({ path }) => path).toSorted()).toEqual([
      '/api/v1/invitations/accept',
      '/api/v1/sample/enter',
      '/api/v1/screens/pairing',
      '/api/v1/screens/pairing/token',
      '/api/v1/setup',
      '/api/v1/sign-in',
      '/api/v1/start',
      '/healthz',
      '/readyz',
    ])
    for (const { security } of withoutKey) expect(security).toEqual([])
  })

  it('says what a refusal looks like', () => {
    for (const { path, responses, security } of operations()) {
      const refusals = security === undefined ? ['400', '401', '403', '429'] : []
      expect({ path, statuses: Object.keys(responses) }).toEqual({
        path,
        statuses: expect.arrayContaining(['200', ...refusals]),
      })
    }
  })

  it('names no status that HTTP does not have', () => {
    const statuses = new Set(operations().flatMap(({ responses }) => Object.keys(responses)))
    expect([...statuses].filter((status) => STATUS_CODES[status] === undefined)).toEqual([])
  })

  it('says what goes in', () => {
    const { '/api/v1/events': events, '/api/v1/stages/heatmap': heatmap } = document.paths
    expect(Object.keys(events?.['post']?.requestBody?.content ?? {})).toEqual([
      'application/json',
      'application/cloudevents+json',
      'application/cloudevents-batch+json',
    ])
    const names = heatmap?.['get']?.parameters?.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['metric', 'rows', 'columns', 'from', 'to', 'customer', 'site']))
  })
})

function operations(): (z.infer<typeof operation> & { path: string })[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((described) => ({ path, ...described })),
  )
}

/** Parses the route tree that Fastify prints: a line has a path segment and its methods, indented below its parent. */
function routesOf(tree: string): string[] {
  const parts: string[] = []
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', part = '', methods = ''] = /^([│ ]*)[├└]── (\S+)(?: \((.*)\))?$/u.exec(line) ?? []
    if (part === '') return []
    parts.splice(indent.length / 4, parts.length, part)
    const path = parts.join('').replace(/:(\w+)/g, '{$1}')
    return methods
      .split(', ')
      .filter((method) => method !== 'HEAD' && method !== '')
      .map((method) => `${method} ${path}`)
  })
}
