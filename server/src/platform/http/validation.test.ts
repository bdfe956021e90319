import { pino } from 'pino'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { newHttpApp } from './http-app.ts'

/** The fields that are refused of a request with this JSON. */
async function refused(body: unknown): Promise<unknown> {
  const http = newHttpApp(pino({ level: 'silent' }))
  http.post('/', { schema: { body: z.unknown() } }, () => 'fine')
  const reply = await http.inject({
    method: 'POST',
    url: '/',
    payload: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
  await http.close()
  return reply.statusCode === 200
    ? []
    : reply.json<{ details?: readonly { field: string }[] }>().details?.map(({ field }) => field)
}

test.for<[string, unknown, readonly string[]]>([
  ['any other text', { a: ['\u0001', '😀', '', '\uFFFD'], b: { '💡': null } }, []],
  ['NUL', { a: [{ b: 'x\0' }] }, ['a.0.b']],
  ['half a surrogate pair', { a: { b: '\uD83D' } }, ['a.b']],
  ['NUL in a name', { a: { '\0': 1 } }, ['a']],
  ['NUL a thousand levels deep', deep(1_000, '\0'), [Array(1_000).fill('a').join('.')]],
])('%s in a request', async ([, body, fields]) => {
  expect(await refused(body)).toEqual(fields)
})

function deep(depth: number, innermost: unknown): unknown {
  let value = innermost
  for (let i = 0; i < depth; i++) value = { a: value }
  return value
}
