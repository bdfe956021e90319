import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createTestDatabase, createTestDataDirectory } from '@stagewatch/db/test-database.ts'
import { importDetail } from '@stagewatch/shared/contract/imports.ts'
import { stageStatsAnswer } from '@stagewatch/shared/contract/stage-stats.ts'
import { expect, it } from 'vitest'
import { createKey } from '../harness/create-key.ts'
import { eventually } from '../harness/eventually.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import { UploadClient, untilRead } from './upload-client.ts'

/** Two rows per order, which makes three commits. */
const orders = 27_500
/** A start takes ten seconds on a busy machine, and so does reading the file. */
const timeout = 300_000

it(
  'a server that is killed in the middle of an import says so after its start, and goes on to the same figures',
  { timeout },
  async () => {
    const testServer = process.env['TEST_DATABASE_URL']
    const database = testServer === undefined ? undefined : await createTestDatabase(testServer)
    const dataDirectory = await createTestDataDirectory()
    const databaseUrl = database?.url
    const env = { UPLOAD_DIR: join(dataDirectory, 'uploads') }
    const start = () => spawnServer({ dataDirectory, env, ...(databaseUrl !== undefined && { databaseUrl }) })
    let server = await start()
    try {
      const variables = { DATA_DIR: dataDirectory, ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }) }
      const key = await createKey(variables, 'admin,read')
      let client = new UploadClient(server.url, key)
      const rows = Array.from(
        { length: orders },
        (_, i) => `SO-${i},pick,2026-01-02T08:00:00Z\nSO-${i},pack,2026-01-02T09:30:00Z`,
      )
      const text = ['order_id,stage,timestamp', ...rows, 'SO-1,pack,never', ''].join('\n')
      const { id } = await client.send('large.csv', Buffer.from(text))
      const begun = await client.begun(id)
      await untilRead(async () => {
        const { accepted } = importDetail.parse((await client.ask(`imports/${begun}`)).body)
        expect(accepted).toBeGreaterThan(0)
      })
      await server.kill('SIGKILL')
      server = await start()
      client = new UploadClient(server.url, key)
      // A dead instance is detected by its missing heartbeat if there are several, and at once if it is the only one.
      const broken = await client.ended(begun)
      expect(broken).toMatchObject({
        state: 'brokenOff',
        brokenOff: expect.stringContaining('the server stopped'),
        brokenOffCause: { code: 'server_ended' },
      })
      expect(broken.accepted).toBeGreaterThan(0)
      expect(broken.accepted).toBeLessThan(2 * orders)
      const whole = await client.import(id)
      expect(whole).toMatchObject({ state: 'done', duplicate: broken.accepted, rejected: 1 })
      expect(whole.accepted + whole.duplicate).toBe(2 * orders)
      await eventually(async () => {
        const { stages } = stageStatsAnswer.parse((await client.ask('stages/stats')).body)
        expect(stages).toMatchObject([{ visits: orders, meanMs: 5_400_000 }, { wip: orders }])
      })
    } finally {
      await server.close()
      await database?.drop()
      await rm(dataDirectory, { recursive: true, force: true })
    }
  },
)
