import { execFileSync } from 'node:child_process'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { skipUnless } from '../harness/skip.ts'
import { eventually } from '../harness/eventually.ts'
import { canMountDisks, mountSmallDisk } from '../harness/small-disk.ts'
import type { SmallDisk } from '../harness/small-disk.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from '../http/call.ts'
import { expectProblem } from '../http/expect-problem.ts'
import { someEvent } from '../http/some-event.ts'

const mebibyte = 1_048_576
const { TEST_DATABASE_URL } = process.env
/** The disk is mounted on this machine, so the database server must run here, too. */
const isPossible =
  canMountDisks && TEST_DATABASE_URL !== undefined && /^(?:127\.|localhost)/.test(new URL(TEST_DATABASE_URL).hostname)

describe(
  'a PostgreSQL whose disk is full',
  skipUnless(isPossible, 'a full disk of PostgreSQL (needs root and a server on this machine)'),
  () => {
    const space = `small_${process.pid}`
    let disk: SmallDisk
    let database: Awaited<ReturnType<typeof openTestDatabase>>
    let server: StartedServer
    let key: string

    beforeAll(async () => {
      disk = await mountSmallDisk(64 * mebibyte, Number(execFileSync('id', ['-u', 'postgres'])))
      database = await openTestDatabase()
      await database.query(`create tablespace ${space} location '${disk.directory}'`)
      await database.query(`alter table events set tablespace ${space}`)
      server = await startServer({ database })
      key = await server.createKey(['ingest', 'read'])
    })
    afterAll(async () => {
      await server.close()
      await database.query('alter table events set tablespace pg_default')
      await database.query(`drop tablespace ${space}`)
      await database.close()
      await disk.close()
    })

    const batch = (name: string) =>
      Array.from({ length: 500 }, (_, i) => someEvent({ id: `${name}-${i}`, data: { note: 'x'.repeat(500) } }))
    const send = (name: string) => call(`${server.url}/api/v1/events`, { key, body: batch(name) })
    const ready = async () => {
      const { status, body } = await call(`${server.url}/readyz`)
      return { status, body }
    }

    it('is answered with 503 as long as it lasts, nothing is lost, and nothing has to be done after it', async () => {
      expect(await send('first')).toMatchObject({ status: 200, body: { accepted: 500 } })
      await disk.leave(0)
      const refused = await send('second')
      expectProblem(refused, 503, 'disk_full')
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(await ready()).toMatchObject({ status: 503, body: { code: 'disk_full' } })
      expect((await call(`${server.url}/api/v1/board`, { key })).status).toBe(200)
      await disk.enlarge()
      expect(await send('second')).toMatchObject({ status: 200, body: { accepted: 500, duplicate: 0 } })
      await eventually(async () => {
        await send('third')
        expect(await ready()).toMatchObject({ status: 200 })
      })
    })
  },
)
