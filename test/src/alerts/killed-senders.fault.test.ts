import type { Database } from '@stagewatch/db/database.ts'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { alertRuleCreated } from '@stagewatch/shared/contract/alert-rules.ts'
import { channel } from '@stagewatch/shared/contract/channels.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secrets, startProviders } from '../channels/fake-providers.ts'
import type { FakeProviders, Misbehaviour } from '../channels/fake-providers.ts'
import { createKey } from '../harness/create-key.ts'
import { eventually, eventuallyWithin } from '../harness/eventually.ts'
import { findPostgresqlPrograms, PostgresqlCluster } from '../harness/postgresql-cluster.ts'
import { isNight, skipUnless } from '../harness/skip.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import type { SpawnedServer } from '../harness/spawn-server.ts'
import { call } from '../http/call.ts'
import { sendEvents } from '../harness/send-events.ts'
import { someEvent } from '../http/some-event.ts'

const programs = await findPostgresqlPrograms()
const [secondMs, minuteMs] = [1_000, 60_000]
const targetMs = minuteMs
/** The period in which orders become overdue one by one, and the size of the burst in the middle of it. */
const breachesMs = (isNight ? 120 : 20) * secondMs
const singleCount = isNight ? 240 : 40
const crowdCount = 300
const killCount = isNight ? 10 : 2
/** Providers whose robots write to a group that accepts 20 messages a minute. */
const robots = ['wecom', 'dingtalk', 'feishu']
const robotLimit = 20

/** A delivery cannot be recorded from the kill of an instance, or while the database is away. Epoch ms. */
interface Kill {
  readonly at: number
  readonly endAt: number
}

describe(
  'alerts of three server instances, which are killed as their database is',
  {
    timeout: 600_000,
    ...skipUnless(programs !== undefined, 'killed senders of alerts (need the server programs of PostgreSQL)'),
  },
  () => {
    let cluster: PostgresqlCluster
    let database: Database
    let providers: FakeProviders
    let servers: SpawnedServer[] = []
    let key: string
    const env = { WEBHOOK_PRIVATE_NETWORKS: 'on', SECRETS_KEY: Buffer.alloc(32, 5).toString('base64') }
    const url = () => `postgres://postgres@${cluster.host}/postgres`
    const start = () => spawnServer({ databaseUrl: url(), env })
    /** Restarts like a supervisor: tries again if the database is unavailable. */
    const restart = () => eventuallyWithin(minuteMs, start)
    const api = async (path: string, body: unknown, method = 'POST') => {
      const reply = await call(`${servers[0]!.url}/api/v1/${path}`, { key, method, body })
      expect(reply).toMatchObject({ status: 200 })
      return reply.body
    }

    beforeAll(async () => {
      cluster = await PostgresqlCluster.create(programs!)
      database = openPostgresql(url())
      providers = await startProviders(Date.now)
      servers = [await start()]
      servers.push(...(await Promise.all([start(), start()])))
      key = await createKey({ DATABASE_URL: url() }, 'ingest,admin')
      const name = { zh: '包装', en: 'Packing' }
      const stage = { code: 'packing', name, targetMs, warnAtRatio: 0.8, toleranceRatio: 0.1 }
      await api(
        'admin/processes/default',
        { code: 'default', name, stages: [stage], acceptsNewStages: false, goals: {} },
        'PUT',
      )
    }, 180_000)
    afterAll(async () => {
      providers.close()
      await Promise.all(servers.map((server) => server.close()))
      await database.close()
      await cluster.remove()
    })

    it('reach every channel for every order within its rate limits, and none is repeated once its delivery was recorded', async () => {
      const to = []
      for (const request of requests(providers.url)) {
        const { id } = channel.parse(
          await api('channels', {
            settings: {},
            enabled: true,
            kind: request.kind,
            name: request.name,
            secrets: request.secrets,
          }),
        )
        to.push({ kind: 'channel', id })
      }
      const rule = {
        name: 'Overdue',
        severity: 'critical',
        enabled: true,
        condition: { kind: 'target', ratio: 1 },
        scope: {},
        ladder: [{ afterMs: 0, to }],
        acknowledgedForMs: 60 * minuteMs,
        mergeMs: 0,
      }
      alertRuleCreated.parse(await api('alert-rules', rule))

      const beginAt = Date.now() + 3 * secondMs
      const crowdAt = beginAt + breachesMs / 2
      const breaches = new Map<string, number>()
      for (let i = 0; i < singleCount; i++) breaches.set(`SO-${1000 + i}`, beginAt + (i * breachesMs) / singleCount)
      for (let i = 0; i < crowdCount; i++) breaches.set(`SO-${5000 + i}`, crowdAt + (i % 10) * 100)
      const events = [...breaches].map(([order, at]) =>
        someEvent({ id: order, order, stage: 'packing', occurredAt: new Date(at - targetMs).toISOString() }),
      )
      const { accepted } = await sendEvents(servers[0]!.url, key, events)
      expect(accepted).toBe(events.length)

      const kills: Kill[] = []
      await Promise.all([misbehaveInTurns(beginAt + breachesMs), killInTurns(crowdAt, kills)])
      providers.misbehaviour = undefined
      // Messages of a killed instance are sent when its lease expires, refused ones after their retry delay.
      await eventuallyWithin(180_000, async () => {
        expect(await database.query(`select distinct state from messages`)).toEqual([{ state: 'accepted' }])
        expect(await database.query(`select order_id from alerts`)).toHaveLength(breaches.size)
        expect(await database.query(`select queue from jobs where queue <> 'alert-steps'`)).toEqual([])
        for (const { provider } of requests('')) expect(namedBy(provider).size).toBe(breaches.size)
      })
      expect(providers.wrong).toEqual([])

      const late = [...breaches].filter(([order, at]) => firstNamedAt(order) > at + minuteMs)
      expect(late.map(([order]) => order)).toEqual([])
      for (const robot of robots) expect(mostWithinMinute(robot)).toBeLessThanOrEqual(robotLimit)
      expect(twice().filter((at) => !kills.some((kill) => at > kill.at - 15 * secondMs && at <= kill.endAt))).toEqual(
        [],
      )
    })

    /** Makes each provider in turn fail in each way, while the others work. */
    async function misbehaveInTurns(until: number): Promise<void> {
      const ways: readonly Misbehaviour[] = ['error-500', 'silent', 'reset', 'code-in-200', 'limit-in-200']
      const daily: readonly Misbehaviour[] = ['error-500', 'reset']
      const culprits = requests('').map(({ provider }) => provider)
      for (let turn = 0; Date.now() < until; turn++) {
        providers.culprit = culprits[turn % culprits.length]!
        const chosen = isNight ? ways : daily
        providers.misbehaviour = chosen[turn % chosen.length]
        await new Promise((resolve) => setTimeout(resolve, 2 * secondMs))
      }
    }

    /** Kills the sending instance and the database alternately, starting at the burst. */
    async function killInTurns(from: number, kills: Kill[]): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, from - Date.now()))
      const restarts: Promise<void>[] = []
      for (let turn = 0; turn < killCount; turn++) {
        const before = providers.taken.length
        await eventually(() => expect(providers.taken.length).toBeGreaterThan(before))
        if (turn % 2 === 0) {
          const place = (turn / 2) % servers.length
          await servers[place]!.kill('SIGKILL')
          kills.push({ at: Date.now(), endAt: Date.now() })
          restarts.push(restart().then((server) => void (servers[place] = server)))
        } else {
          await cluster.kill()
          const at = Date.now()
          await cluster.start()
          kills.push({ at, endAt: Date.now() })
        }
      }
      await Promise.all(restarts)
    }

    const namesOf = (text: string) => new Set(text.match(/SO-\d+/g))
    const takenBy = (provider: string) => providers.taken.filter((message) => message.provider === provider)
    const namedBy = (provider: string) => new Set(takenBy(provider).flatMap(({ text }) => [...namesOf(text)]))

    function firstNamedAt(order: string): number {
      return providers.taken.find(({ text }) => namesOf(text).has(order))?.atMs ?? Number.POSITIVE_INFINITY
    }

    function mostWithinMinute(provider: string): number {
      const times = takenBy(provider).map(({ atMs }) => atMs)
      return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + minuteMs).length))
    }

    /** When each message that was sent more than once was first sent. */
    function twice(): number[] {
      const again: number[] = []
      for (const { provider } of requests('')) {
        const first = new Map<string, number>()
        for (const { text, atMs } of takenBy(provider)) {
          for (const order of namesOf(text)) {
            const at = first.get(order)
            if (at === undefined) first.set(order, atMs)
            else again.push(at)
          }
        }
      }
      return again
    }
  },
)

function requests(base: string) {
  return [
    {
      provider: 'wecom',
      kind: 'wecom-robot',
      name: 'WeCom',
      secrets: { url: `${base}/wecom/send?key=${secrets.weCom}` },
    },
    {
      provider: 'dingtalk',
      kind: 'dingtalk-robot',
      name: 'DingTalk',
      secrets: { url: `${base}/dingtalk/send?access_token=abcdef0123456789`, secret: secrets.dingTalk },
    },
    {
      provider: 'feishu',
      kind: 'feishu-robot',
      name: 'Feishu',
      secrets: { url: `${base}/feishu/hook/0123-4567-89ab-cdef`, secret: secrets.feishu },
    },
    { provider: 'slack', kind: 'slack', name: 'Slack', secrets: { url: `${base}/slack/T0/B0/${secrets.slack}` } },
    {
      provider: 'webhook',
      kind: 'webhook',
      name: 'ERP',
      secrets: { url: `${base}/webhook/hook`, secret: secrets.webhook },
    },
  ] as const
}
