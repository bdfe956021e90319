import type { Database } from '@stagewatch/db/database.ts'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { createTestDatabase } from '@stagewatch/db/test-database.ts'
import { webhookSecret } from '@stagewatch/shared/contract/webhooks.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startReceiver } from '../connections/webhook-receiver.ts'
import type { WebhookReceiver } from '../connections/webhook-receiver.ts'
import { createKey } from '../harness/create-key.ts'
import { eventually, eventuallyWithin } from '../harness/eventually.ts'
import { sendEvents } from '../harness/send-events.ts'
import { skipUnless } from '../harness/skip.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import type { SpawnedServer } from '../harness/spawn-server.ts'
import { call } from '../http/call.ts'
import { someEvent } from '../http/some-event.ts'

const testServer = process.env['TEST_DATABASE_URL']
const orderCount = 60
const targetMs = 4_000

describe(
  'webhooks of three server instances, one of which is killed',
  { timeout: 240_000, ...skipUnless(testServer !== undefined, 'webhooks of three servers (need PostgreSQL)') },
  () => {
    let created: Awaited<ReturnType<typeof createTestDatabase>>
    let database: Database
    let servers: SpawnedServer[] = []
    let receiver: WebhookReceiver
    let key: string

    beforeAll(async () => {
      created = await createTestDatabase(testServer!)
      database = openPostgresql(created.url)
      receiver = await startReceiver()
      const env = { WEBHOOK_PRIVATE_NETWORKS: 'on', SECRETS_KEY: Buffer.alloc(32, 6).toString('base64') }
      const start = () => spawnServer({ databaseUrl: created.url, env })
      servers = await Promise.all([start(), start(), start()])
      key = await createKey({ DATABASE_URL: created.url }, 'ingest,admin')
      const name = { zh: '包装', en: 'Packing' }
      const stage = { code: 'packing', name, targetMs, warnAtRatio: 0.8, toleranceRatio: 0.1 }
      const body = { code: 'default', name, stages: [stage], acceptsNewStages: false, goals: {} }
      const saved = await call(`${servers[0]!.url}/api/v1/admin/processes/default`, { key, method: 'PUT', body })
      expect(saved.status).toBe(200)
    }, 180_000)
    afterAll(async () => {
      receiver.close()
      await Promise.all(servers.map((server) => server.close()))
      await database.close()
      await created.drop()
    })

    it('report every order once', async () => {
      const request = { name: 'ERP', url: receiver.url, events: ['order.overdue'] }
      const answer = await call(`${servers[0]!.url}/api/v1/webhooks`, { key, body: request })
      const { id } = webhookSecret.parse(answer.body)
      // A third of the orders become overdue before the kill, a third around it, and a third after it.
      const now = Date.now()
      const events = Array.from({ length: orderCount }, (_, i) => {
        const occurredAt = new Date(now - targetMs + (i % 3) * 2_000).toISOString()
        return someEvent({ id: `e${i}`, order: `SO-${i}`, stage: 'packing', occurredAt })
      })
      for (const [i, server] of servers.entries()) {
        await sendEvents(server.url, key, events.slice((i * orderCount) / 3, ((i + 1) * orderCount) / 3))
      }
      await eventually(() => expect(receiver.received.length).toBeGreaterThan(0))
      await servers[0]!.kill('SIGKILL')
      // Messages that the killed instance had started to send are sent again when its lease expires.
      await eventuallyWithin(120_000, async () => {
        const [row] = await database.query<{ count: number }>(
          `select count(*)::float8 as count from webhook_deliveries where webhook_id = $1 and state = 'delivered'`,
          [id],
        )
        expect(row?.count).toBe(orderCount)
      })
      const told = new Map(receiver.received.map((message) => [message.id, message.body.data['order']]))
      expect(told.size).toBe(orderCount)
      expect(new Set(told.values()).size).toBe(orderCount)
      const [rows] = await database.query<{ deliveries: number; transitions: number; jobs: number }>(
        `select (select count(*)::float8 from webhook_deliveries) as deliveries,
           (select count(*)::float8 from transitions where kind = 'overdue') as transitions,
           (select count(*)::float8 from jobs) as jobs`,
      )
      expect(rows).toEqual({ deliveries: orderCount, transitions: orderCount, jobs: 0 })
    })
  },
)
