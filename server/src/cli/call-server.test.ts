import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { callServer } from './call-server.ts'
import { httpLocalAdmin } from './local-admin.ts'
import type { LocalAdmin } from './local-admin.ts'
import { testTerminal } from './testing/test-terminal.ts'

const request = { method: 'POST', path: '/api/v1/events', body: { events: [] } } as const

async function serverThat(answers: RequestListener): Promise<LocalAdmin> {
  const server = createServer(answers)
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return httpLocalAdmin(`http://127.0.0.1:${address.port}`, { authorization: 'Bearer k' })
}

test('a request to an overloaded server is retried after the time it names', async () => {
  let calls = 0
  const operator = await serverThat((_, response) => {
    calls += 1
    const status = calls === 1 ? 429 : calls === 2 ? 503 : 200
    const body = status === 200 ? { accepted: 0 } : { code: 'overloaded', message: 'busy', requestId: 'r1' }
    response.writeHead(status, { 'retry-after': '0' }).end(JSON.stringify(body))
  })
  const terminal = testTerminal()
  expect(await callServer(operator, request, terminal)).toEqual({ accepted: 0 })
  expect(calls).toBe(3)
  expect(terminal.noted).toEqual(Array(2).fill('busy; trying again in 0 s'))
})

test('a refused request is not retried, and the error keeps its code', async () => {
  let calls = 0
  const body = { code: 'forbidden', message: 'the key lacks the scope ingest', requestId: 'r1' }
  const operator = await serverThat((_, response) => {
    calls += 1
    response.writeHead(403).end(JSON.stringify(body))
  })
  await expect(callServer(operator, request, testTerminal())).rejects.toMatchObject({
    code: 'forbidden',
    message: body.message,
  })
  expect(calls).toBe(1)
})

test('waiting ends at once when the person interrupts it', async () => {
  const terminal = testTerminal()
  const operator = await serverThat((_, response) => {
    terminal.stop()
    response.writeHead(503, { 'retry-after': '3600' }).end('{}')
  })
  await expect(callServer(operator, request, terminal)).rejects.toMatchObject({ code: 'internal' })
})
