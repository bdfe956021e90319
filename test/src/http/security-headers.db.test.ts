import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from './call.ts'

let server: StartedServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const policy = {
  'default-src': "'self'",
  'base-uri': "'self'",
  'font-src': "'self' data:",
  'form-action': "'self'",
  'frame-ancestors': "'self'",
  'img-src': "'self' data:",
  'object-src': "'none'",
  'script-src': "'self'",
  'script-src-attr': "'none'",
  'style-src': "'self' 'unsafe-inline'",
}

const others = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'SAMEORIGIN',
  'x-permitted-cross-domain-policies': 'none',
  'strict-transport-security': null,
  'x-xss-protection': '0',
}

function policyOf(headers: Headers): Record<string, string> {
  const directives = (headers.get('content-security-policy') ?? '').split(';')
  return Object.fromEntries(directives.map((text) => text.trim().split(/ (.*)/s, 2)))
}

describe('the headers of an answer', () => {
  it.each([
    '/api/v1/start',
    '/api/v1/board',
    '/api/v1/nothing',
    '/api/openapi.json',
    '/healthz',
    '/readyz',
    '/metrics',
  ])('keep it out of every cache: %s', async (path) => {
    expect((await call(`${server.url}${path}`)).headers.get('cache-control')).toBe('no-store')
  })

  it('name the public address and hold browsers to https, where it has it', async () => {
    const open = await startServer({ variables: { PUBLIC_URL: 'https://board.example:8443' } })
    try {
      const { headers } = await call(`${open.url}/healthz`)
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000')
      const { host } = new URL(open.url)
      expect(policyOf(headers)['connect-src']).toBe(
        `'self' ws://board.example:8443 wss://board.example:8443 ws://${host} wss://${host}`,
      )
    } finally {
      await open.close()
    }
  })

  it.each([
    ['GET', '/healthz'],
    ['GET', '/readyz'],
    ['GET', '/api/v1/start'],
    ['GET', '/api/v1/board'],
    ['GET', '/api/v1/kpis'],
    ['GET', '/api/v1/stages/stats'],
    ['GET', '/api/v1/stages/heatmap'],
    ['GET', '/api/v1/orders'],
    ['GET', '/api/v1/orders/none'],
    ['GET', '/api/v1/admin/doctor'],
    ['POST', '/api/v1/events'],
    ['GET', '/api/openapi.json'],
    ['GET', '/docs/js/scalar.js'],
    ['GET', '/nothing'],
    ['OPTIONS', '/api/v1/board'],
  ])('let nothing else in: %s %s', async (method, path) => {
    const { headers } = await call(`${server.url}${path}`, { method })
    const { host } = new URL(server.url)
    expect(policyOf(headers)).toEqual({ ...policy, 'connect-src': `'self' ws://${host} wss://${host}` })
    for (const [name, value] of Object.entries(others)) expect([name, headers.get(name)]).toEqual([name, value])
    for (const name of ['server', 'x-powered-by', 'access-control-allow-origin', 'set-cookie'])
      expect([name, headers.get(name)]).toEqual([name, null])
  })

  it('let the reference of the API run its own script and no other', async () => {
    const { headers, body } = await call(`${server.url}/docs/`)
    const { 'script-src': scripts, 'connect-src': _, ...rest } = policyOf(headers)
    expect({ ...rest, 'script-src': "'self'" }).toEqual(policy)
    expect(scripts).toMatch(/^'self' 'sha256-[\w+/]{43}='$/)
    expect(String(body)).not.toMatch(/(src|href)="(https?:)?\/\//)
  })
})
