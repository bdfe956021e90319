import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { request } from 'node:http'
import { once } from 'node:events'
import { exportEvents } from '@stagewatch/server/export/export-events.ts'
import { rawEvent } from '@stagewatch/server/ingest/parse/raw-event.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { figuresOf } from '../backup/figures.ts'
import { sendEvents } from '../harness/send-events.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from '../http/call.ts'

const begun = Date.UTC(2026, 0, 5)
const perSite = 5_000
let server: StartedServer
let keys: readonly string[]

beforeAll(async () => {
  server = await startServer({ clock: new VirtualClock(begun + 7 * 24 * 3_600_000) })
  keys = [await server.createKey(['ingest', 'admin']), await server.createKey(['ingest', 'admin'], 'branch')]
  // The sites take turns in the log.
  for (let from = 0; from < perSite; from += 1_000)
    for (const key of keys) await sendEvents(server.url, key, notes(from, 1_000))
})
afterAll(() => server.close())

function notes(from: number, count: number) {
  return Array.from({ length: count }, (_, i) =>
    rawEvent({
      source: 'wms',
      id: `n${from + i}`,
      type: 'note.added',
      order: `SO-${(from + i) % 50}`,
      occurredAt: begun + (from + i) * 60_000,
      data: { comment: '说明 '.repeat(100) },
    }),
  )
}

function idsOf(text: string): string[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { id: string }).id]))
}

/** The same database, with the number of statements so far that have read the log for an export. */
function counted(database: Database): { readonly database: Database; readonly statements: () => number } {
  let count = 0
  const { longRunning } = database
  const values: typeof longRunning.values = (text, parameters) => {
    if (text.includes('pg_visible_in_snapshot')) count += 1
    return longRunning.values(text, parameters)
  }
  return { database: { ...database, longRunning: { ...longRunning, values } }, statements: () => count }
}

it('has each event of its site once, and none that is stored while it is written', async () => {
  const { pieces, summary } = await exportEvents(server.database, { site: 'branch', format: 'ndjson' })
  const ids: string[] = []
  for await (const piece of pieces) {
    if (ids.length === 0) await sendEvents(server.url, keys[1] ?? '', [{ ...notes(0, 1)[0], id: 'later' }])
    ids.push(...idsOf(piece))
  }
  const log = await server.database.query<{ id: string }>(
    `select id from events where site = 'branch' and id <> 'later' order by tx, position`,
  )
  expect(ids.length).toBe(perSite)
  expect(ids).toEqual(log.map(({ id }) => id))
  expect(summary()).toEqual({ format: 'ndjson', written: perSite, leftOut: {}, lostFields: {} })
})

it('reads no further than its receiver takes', async () => {
  const { database, statements } = counted(server.database)
  const { pieces } = await exportEvents(database, { site: 'main', format: 'ndjson' })
  const reading = pieces[Symbol.asyncIterator]()
  await reading.next()
  const afterFirst = statements()
  await new Promise((resolve) => setImmediate(resolve))
  expect(statements()).toBe(afterFirst)
  await reading.return?.()
  expect(statements()).toBe(afterFirst)
  const whole = counted(server.database)
  for await (const _ of (await exportEvents(whole.database, { site: 'main', format: 'ndjson' })).pieces);
  expect(whole.statements()).toBeGreaterThan(2 * afterFirst)
})

it('is read no further once its receiver is gone', async () => {
  const inner = await openTestDatabase()
  const { database, statements } = counted(inner)
  const own = await startServer({ database })
  try {
    const key = await own.createKey(['ingest'])
    // More than the buffers of a connection take.
    const large = notes(0, 4_500).map((note) => ({ ...note, data: { comment: 'x'.repeat(12_000) } }))
    for (let from = 0; from < large.length; from += 500) await sendEvents(own.url, key, large.slice(from, from + 500))
    const headers = { authorization: `Bearer ${own.server.access.localAdminToken}`, 'x-stagewatch-site': 'main' }
    const target = `${own.url}/api/v1/admin/export?format=ndjson`
    const asked = request(target, { headers }).end()
    const [reply] = (await once(asked, 'response')) as [NodeJS.ReadableStream & { destroy(): void }]
    await once(reply, 'readable')
    reply.destroy()
    const whole = await fetch(target, { headers })
    expect(idsOf(await whole.text()).length).toBe(large.length)
    // A slice is read by two statements, and there are five.
    expect(statements()).toBeGreaterThan(10)
    expect(statements()).toBeLessThan(20)
  } finally {
    await own.close()
    await inner.close()
  }
})

it('leaves out how the server has judged events, which another site judges anew', async () => {
  const inputs = [
    event('1', 'stage.entered', 'R-1', { stage: 'picking' }),
    event('2', 'order.changed', 'R-1', { data: { process: 'repair' } }),
    event('3', 'stage.entered', 'R-1', { stage: 'fixing' }),
    event('4', 'stage.entered', 'R-2', { stage: 'picking' }),
  ]
  const sites = await Promise.all(['one', 'other'].map((site) => server.createKey(['ingest', 'read', 'admin'], site)))
  for (const key of sites) {
    await saveProcess(key, 'default', ['picking'])
    await saveProcess(key, 'repair', ['fixing'])
  }
  const [one = '', other = ''] = sites
  for (const input of inputs) await sendEvents(server.url, one, [input])
  const written = async (process?: string) => {
    const { pieces, summary } = await exportEvents(server.database, { site: 'one', format: 'ndjson', process })
    const text = (await Array.fromAsync(pieces)).join('')
    return { lines: text.trimEnd().split('\n'), summary: summary() }
  }
  const { lines, summary } = await written()
  expect(summary).toMatchObject({ written: 4, leftOut: { withdrawals: 1 } })
  expect(idsOf((await written('repair')).lines.join('\n')).toSorted()).toEqual(['1', '2', '3'])
  const outcome = await sendEvents(
    server.url,
    other,
    lines.map((line) => JSON.parse(line) as unknown),
  )
  expect(outcome).toMatchObject({ accepted: 3, rejected: 1 })
  expect(outcome.results).toContainEqual(expect.objectContaining({ code: 'unknown_stage' }))
  for (const order of ['R-1', 'R-2']) {
    const [before, after] = await Promise.all(
      [one, other].map((key) => figuresOf(server, key, [`orders/${order}`], ['recordedAt', 'events', 'eventCount'])),
    )
    expect(after).toEqual(before)
  }
})

function event(id: string, type: string, order: string, more: object) {
  return { source: 'erp', id, type, order, occurredAt: new Date(begun + Number(id) * 60_000).toISOString(), ...more }
}

async function saveProcess(key: string, code: string, stages: readonly string[]): Promise<void> {
  const body = {
    code,
    name: { zh: code, en: code },
    stages: stages.map((stage) => ({
      code: stage,
      name: { zh: stage, en: stage },
      targetMs: 3_600_000,
      warnAtRatio: 0.8,
      toleranceRatio: 0.1,
    })),
    acceptsNewStages: false,
    goals: {},
  }
  expect((await call(`${server.url}/api/v1/admin/processes/${code}`, { key, method: 'PUT', body })).status).toBe(200)
}
