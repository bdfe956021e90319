import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { newHttpApp } from './http-app.ts'

const lines: string[] = []
const logger = pino({}, { write: (line: string) => void lines.push(line) })

/** The response to a request whose handler throws. */
async function answerTo(thrown: unknown) {
  const http = newHttpApp(logger)
  http.get('/', () => {
    throw thrown
  })
  lines.length = 0
  const { statusCode, headers, body } = await http.inject('/')
  await http.close()
  return { status: statusCode, headers, text: body, body: problem.strict().parse(JSON.parse(body)) }
}

test('an unexpected error tells the client its request id and nothing else, and the log everything', async () => {
  const error = Object.assign(new Error('password "hunter2" at /srv/app.ts'), { detail: 'select * from accounts' })
  const { status, text, body } = await answerTo(error)
  expect([status, body.code]).toEqual([500, 'internal'])
  expect(text).not.toMatch(/hunter2|\/srv|select|at /)
  const logged = lines.find((line) => line.includes('request failed'))
  expect(logged).toContain('hunter2')
  expect(logged).toContain(body.requestId)
})

test.for([
  ['a text', 'hunter2'],
  ['nothing', undefined],
  ['an error with a status of its own', Object.assign(new Error('hunter2'), { statusCode: 599 })],
] as const)('%s that is thrown is answered in the same way', async ([, thrown]) => {
  const { status, body, text } = await answerTo(thrown)
  expect([status, body.code]).toEqual([500, 'internal'])
  expect(text).not.toContain('hunter2')
})

test('a database that is away is answered with when to come again, and not with its name', async () => {
  const { status, headers, text } = await answerTo(new DatabaseUnavailableError('away', 'connect db.internal:5432'))
  expect([status, Number(headers['retry-after'])]).toEqual([503, expect.any(Number)])
  expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  expect(text).not.toContain('db.internal')
})
