import { Writable } from 'node:stream'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { afterStatement } from '../harness/after-statement.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from './call.ts'

const clock = new VirtualClock(Date.now())
let database: Database
let server: StartedServer
let admin: string
/** Part of the statements that take 1.2 s. */
let slowPart: string | undefined
let lines: Record<string, unknown>[] = []

/** Its lines are in `lines`. */
const logger = pino(
  new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)) as Record<string, unknown>)
      done()
    },
  }),
)
let slow: Database

beforeAll(async () => {
  database = await openTestDatabase()
  slow = afterStatement(database, ({ text }) => {
    if (slowPart !== undefined && text.includes(slowPart)) clock.advanceTo(clock.now() + 1_200)
  })
  const variables = { SLOW_STATEMENT_MS: '1000' }
  server = await startServer({ clock, database: slow, logger, variables })
  admin = await server.createKey(['admin'])
})
afterAll(async () => {
  await server.close()
  await database.close()
})
beforeEach(() => {
  slowPart = undefined
  lines = []
})

const slowLines = () => lines.filter(({ msg }) => msg === 'a statement was slow')

describe('the id of a request', () => {
  it('is in every answer, a different one in each, and that of the error body', async () => {
    const paths = ['/healthz', '/readyz', '/api/v1/no-such-route', '/api/v1/admin/status']
    const replies = await Promise.all(paths.map((path) => call(`${server.url}${path}`)))
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 404, 401])
    const ids = replies.map(({ headers }) => headers.get('x-request-id'))
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/)
    expect(new Set(ids).size).toBe(paths.length)
    const inBodies = replies.slice(2).map(({ body }) => (body as { requestId?: unknown }).requestId)
    expect(inBodies).toEqual(ids.slice(2))
  })

  it('is not taken from the request, whose sender could otherwise forge lines of the log', async () => {
    const { headers } = await fetch(`${server.url}/healthz`, { headers: { 'x-request-id': 'forged' } })
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{16}$/)
  })

  it('is logged with a statement that was slow, without the values in it', async () => {
    slowPart = 'from screens'
    const { headers, status } = await call(`${server.url}/api/v1/screens?site=main`, { key: admin })
    expect(status).toBe(200)
    const requestId = headers.get('x-request-id')
    const ofRequest = slowLines().filter((line) => line['requestId'] === requestId)
    expect(ofRequest).toHaveLength(1)
    expect(ofRequest[0]).toMatchObject({ level: 40, durationMs: 1_200 })
    expect(ofRequest[0]?.['statement']).toMatch(/from "?screens"? where .*\$1/)
    expect(ofRequest[0]?.['statement']).not.toContain('main')
  })
})

describe('a background task', () => {
  it('is logged with a statement that was slow', async () => {
    slowPart = 'delete from jobs'
    clock.advanceTo(clock.now() + 3_600_000)
    await expect.poll(() => slowLines().map(({ task }) => task)).toContain('delete-dead-jobs')
    expect(slowLines().filter((line) => line['task'] === 'delete-dead-jobs' && 'requestId' in line)).toEqual([])
  })
})

describe('statements', () => {
  it('are not logged if the limit is 0', async () => {
    // The other server shares the clock, and logs its own statements.
    const own = logger.child({ server: 'quiet' })
    const quiet = await startServer({ clock, database: slow, logger: own, variables: { SLOW_STATEMENT_MS: '0' } })
    slowPart = 'from screens'
    const { status } = await call(`${quiet.url}/api/v1/screens`, { key: admin })
    await quiet.close()
    expect(status).toBe(200)
    expect(slowLines().filter((line) => line['server'] === 'quiet')).toEqual([])
  })
})
