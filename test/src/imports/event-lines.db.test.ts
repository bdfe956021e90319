import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'
import { UploadClient } from './upload-client.ts'

let server: PeopledServer
let manager: Visitor

beforeAll(async () => {
  server = await startPeopled()
  manager = await server.join('max@example.com', { role: 'manager' })
})
afterAll(() => server.close())

const at = (hour: number) => new Date(Date.UTC(2026, 0, 5, hour)).toISOString()
const event = (id: string, type: string, hour: number, more: object) => ({
  source: 'wms',
  id,
  type,
  order: 'SO-1',
  occurredAt: at(hour),
  ...more,
})
const lines = [
  event('1', 'stage.entered', 1, { stage: 'pick', data: { customer: '佛山 "五金"', batch: [1] } }),
  event('2', 'stage.entered', 2, { stage: 'pack' }),
  event('3', 'event.voided', 3, { data: { source: 'wms', id: '2' } }),
]
const file = gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
const order = { discover: true }

it('a file of events is uploaded and imported, except what its importer may not send', async () => {
  const client = new UploadClient(server.url, manager)
  const { id } = await client.send('events.ndjson.gz', file)
  const { report } = await client.check(id, order)
  expect(report).toMatchObject({
    file: { kind: 'ndjson' },
    meaning: { rows: 'events', isProposed: false },
    columns: { used: [{ name: 'event' }], ignored: [] },
    accepted: 2,
    rejected: 1,
    rejections: [{ code: 'forbidden', column: 'type', first: [{ line: 3 }] }],
    process: { stages: [{ code: 'pick' }, { code: 'pack' }] },
  })
  expect(report?.preview?.rows[0]?.events).toMatchObject([{ type: 'stage.entered', data: { customer: '佛山 "五金"' } }])
  expect(await client.import(id, order)).toMatchObject({ state: 'done', accepted: 2, rejected: 1 })
  const ofOrder = () => server.ada.call('/api/v1/orders/SO-1')
  expect((await ofOrder()).body).toMatchObject({ visits: [{ stage: 'pick' }, { stage: 'pack' }] })

  const byAda = new UploadClient(server.url, server.ada)
  const again = await byAda.send('events.ndjson.gz', file)
  expect(await byAda.import(again.id, { repeated: 'beside' })).toMatchObject({ accepted: 1, duplicate: 2, rejected: 0 })
  expect((await ofOrder()).body).toMatchObject({ visits: [{ stage: 'pick' }] })
  const stored = await server.database.query(`select data, imported from events where id = '1'`)
  expect(stored).toEqual([{ data: { customer: '佛山 "五金"', batch: [1] }, imported: true }])
})

it('a file of events is not read with settings for rows', async () => {
  const client = new UploadClient(server.url, server.ada)
  const { id } = await client.send('events.ndjson.gz', file)
  expect(await client.check(id, { mapping: { rows: 'wide', timezone: 'UTC' } })).toMatchObject({
    state: 'failed',
    problem: { file: { code: 'complete_events', params: { field: 'rows' } } },
  })
  expect(await client.check(id, { mapping: { timezone: 'UTC' } })).toMatchObject({ state: 'done' })
})
