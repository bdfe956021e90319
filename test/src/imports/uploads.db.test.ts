import { afterAll, beforeAll, expect, it } from 'vitest'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { UploadClient } from './upload-client.ts'

let server: StartedServer
let client: UploadClient

beforeAll(async () => {
  server = await startServer()
  client = new UploadClient(server.url, await server.createKey(['admin']))
})
afterAll(() => server.close())

const shipments = [
  'order_id,stage,timestamp,customer',
  'A-1,pick,2026-01-02T08:00:00Z,Acme',
  'A-1,pack,2026-01-02T09:00:00Z,Acme',
  'A-2,pick,2026-01-02T10:00:00Z,=cmd',
  'A-2,pack,never,=cmd',
  '',
].join('\n')

it('takes a file in chunks, checks it, imports it, hands back what it rejected, and undoes it', async () => {
  const bytes = Buffer.from(shipments)
  const { id } = await client.begin('shipments.csv', bytes.length)
  const first = await client.append(id, 0, bytes.subarray(0, 50))
  expect(first.body).toMatchObject({ receivedBytes: 50 })
  expect((await client.append(id, 10, bytes.subarray(10))).body).toMatchObject({
    code: 'conflict',
    details: [{ field: 'upload-offset', limit: 50 }],
  })
  const whole = await client.append(id, 50, bytes.subarray(50))
  expect(whole.body).toMatchObject({ receivedBytes: bytes.length, hash: expect.stringMatching(/^[0-9a-f]{64}$/) })

  const check = await client.check(id, { discover: true, terminal: ['pack'] })
  expect(check).toMatchObject({
    state: 'done',
    report: {
      rows: 4,
      accepted: 3,
      rejected: 1,
      dryRun: true,
      process: { stages: [{ code: 'pick' }, { code: 'pack' }] },
    },
  })
  expect(check.report?.preview?.rows).toHaveLength(4)

  const done = await client.import(id, { discover: true, terminal: ['pack'] })
  expect(done).toMatchObject({ state: 'done', rows: 4, accepted: 3, rejected: 1, hasErrorsFile: true, upload: id })
  const rejected = await client.ask(`imports/${done.id}/rejected.csv`)
  expect(rejected.body).toContain("A-2,pack,never,'=cmd,5,invalid_time,timestamp,")
})
