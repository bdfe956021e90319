import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import type { FileEvent } from '../ingest/files/file-event.ts'
import { writtenFile } from '../ingest/files/testing/written-file.ts'
import { runCommand } from './run-command.ts'
import { testTerminal } from './testing/test-terminal.ts'

interface Received {
  readonly at: number
  readonly key: string | undefined
  readonly event: FileEvent
}

/** A server that accepts every event and records when it arrived. */
async function recordingServer(): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = []
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const { events } = JSON.parse(await text(request)) as { events: FileEvent[] }
    for (const event of events) received.push({ at: Date.now(), key: request.headers.authorization, event })
    response.end(JSON.stringify({ results: events.map((_, index) => ({ index, status: 'accepted' })) }))
  }
  const server = createServer((request, response) => void take(request, response))
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return { url: `http://127.0.0.1:${address.port}`, received }
}

const log = `order_id,stage,timestamp,due_at
SO-1,pack,2026-01-02T00:01:00Z,2026-01-02T00:10:00Z
SO-1,pick,2026-01-02T00:00:00Z,
SO-2,pick,2026-01-02T00:00:00Z,
SO-1,ship,2026-01-02T00:05:00Z,
`

test('events are sent by when they happened, at the pace, with the key', async () => {
  const { url, received } = await recordingServer()
  const terminal = testTerminal()
  const began = Date.now()
  const replay = ['replay', writtenFile(log), '--speed', '1000', '--url', url, '--key', 'k', '--json']
  expect(await runCommand(replay, terminal)).toBe(0)
  expect(received.map(({ event }) => `${event.order} ${event.stage} ${event.occurredAt}`)).toEqual([
    'SO-1 pick 2026-01-02T00:00:00.000Z',
    'SO-2 pick 2026-01-02T00:00:00.000Z',
    'SO-1 pack 2026-01-02T00:01:00.000Z',
    'SO-1 ship 2026-01-02T00:05:00.000Z',
  ])
  expect(new Set(received.map(({ key }) => key))).toEqual(new Set(['Bearer k']))
  expect(received[3]!.at - began).toBeGreaterThanOrEqual(300)
  expect(JSON.parse(terminal.printed.join(''))).toMatchObject({ rows: 4, accepted: 4, orders: 2, stages: 3 })
})

test('shifted to now, distances shrink with the pace, and a second replay is another happening', async () => {
  const { url, received } = await recordingServer()
  const began = Date.now()
  const replay = ['replay', writtenFile(log), '--speed', '6000', '--shift-to-now', '--url', url]
  expect(await runCommand(replay, testTerminal())).toBe(0)
  const times = received.map(({ event }) => Date.parse(event.occurredAt))
  expect(times[0]).toBeGreaterThanOrEqual(began)
  expect(times.map((at) => at - times[0]!)).toEqual([0, 0, 10, 50])
  expect(Date.parse(received[2]!.event.data.promisedAt!) - times[0]!).toBe(100)
  for (const { at, event } of received) expect(Date.parse(event.occurredAt)).toBeLessThanOrEqual(at)
  await runCommand(replay, testTerminal())
  expect(new Set(received.map(({ event }) => event.id)).size).toBe(8)
})
