import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { createTestDatabase } from '@stagewatch/db/test-database.ts'
import { screenList } from '@stagewatch/shared/contract/screen.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import { skipUnless } from '../harness/skip.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { pairScreen } from './pair-screen.ts'
import { openPaired } from './paired-socket.ts'
import { eventually } from '../harness/eventually.ts'

const testServer = process.env['TEST_DATABASE_URL']

describe(
  'a screen on one of two servers',
  skipUnless(testServer !== undefined, 'several servers (need PostgreSQL)'),
  () => {
    let created: Awaited<ReturnType<typeof createTestDatabase>>
    let databases: Database[]
    let here: StartedServer
    let there: StartedServer
    let lead: string
    beforeAll(async () => {
      created = await createTestDatabase(testServer!)
      databases = [openPostgresql(created.url), openPostgresql(created.url)]
      const [one, two] = await Promise.all(databases.map((database) => startServer({ database })))
      here = one!
      there = two!
      lead = await here.createKey(['admin'])
    })
    afterAll(async () => {
      await Promise.all([here.close(), there.close()])
      await Promise.all(databases.map((database) => database.close()))
      await created.drop()
    })

    it('is cut off within a second when the other one revokes it', async () => {
      const { token, screen } = await pairScreen(here, lead)
      const line = await openPaired(here.url, token)
      const begin = performance.now()
      await call(`${there.url}/api/v1/screens/${screen.id}`, { key: lead, method: 'DELETE' })
      await line.cut
      expect(performance.now() - begin).toBeLessThan(1_000)
      expect(line.heard('screen:revoked')).toHaveLength(1)
      await expect(openPaired(here.url, token)).rejects.toMatchObject({ data: { code: 'unauthorized' } })
    })

    it('hears what the other one was told about it', async () => {
      const { token, screen } = await pairScreen(here, lead)
      const line = await openPaired(here.url, token)
      await call(`${there.url}/api/v1/screens/${screen.id}/identify`, { key: lead, method: 'POST' })
      await line.next('screen:identify')
      const changed = { name: 'Other', settings: { ...screen.settings, theme: 'day' } }
      await call(`${there.url}/api/v1/screens/${screen.id}`, { key: lead, method: 'PUT', body: changed })
      expect(await line.next('screen:self', 2)).toMatchObject(changed)
      line.close()
    })

    it('is online on the list of the other one', async () => {
      const { token, screen } = await pairScreen(here, lead)
      const line = await openPaired(here.url, token)
      await eventually(async () => {
        const { body } = await call(`${there.url}/api/v1/screens`, { key: lead })
        expect(screenList.parse(body).screens.find(({ id }) => id === screen.id)).toMatchObject({ online: true })
      })
      line.close()
    })

    it('may pair here and be approved there', async () => {
      const { token } = await pairScreen(there, lead)
      ;(await openPaired(here.url, token)).close()
    })
  },
)
