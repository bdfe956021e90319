import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '@stagewatch/db/database.ts'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { createEmptyDatabase } from '@stagewatch/db/test-database.ts'
import { channel } from '@stagewatch/shared/contract/channels.ts'
import type { EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secrets, startProviders } from '../channels/fake-providers.ts'
import type { FakeProviders } from '../channels/fake-providers.ts'
import { BoardClient } from '../harness/board-client.ts'
import type { ConnectionBalancer } from '../harness/connection-balancer.ts'
import { openConnectionBalancer } from '../harness/connection-balancer.ts'
import { eventually, eventuallyWithin } from '../harness/eventually.ts'
import { freePort } from '../harness/free-port.ts'
import { runNode } from '../harness/node-process.ts'
import { findPreviousVersion, makeNextVersion, unpackVersion } from '../harness/previous-version.ts'
import { sendUntilStored } from '../harness/send-until-stored.ts'
import { isNight, skipUnless } from '../harness/skip.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import type { SpawnedServer } from '../harness/spawn-server.ts'
import { call } from '../http/call.ts'
import { boardFromScratch, comparable } from './board-from-scratch.ts'
import { expectLog } from './shipping-truth.ts'
import { StageBounds } from './stage-bounds.ts'

const testServer = process.env['TEST_DATABASE_URL']
const previous = await findPreviousVersion()
const main = 'server/src/main.ts'
const commands = 'server/src/cli/stagewatch.ts'
const [secondMs, minuteMs] = [1_000, 60_000]
/** Between two steps of the upgrade. */
const stepMs = (isNight ? 30 : 4) * secondMs
const rounds = isNight ? 3 : 1
const batchEveryMs = 50
const ordersPerBatch = 4
const senderCount = 3
const screenCount = 4
const breachEveryMs = 250
const stopsWithinMs = 12 * secondMs

/** Folders with the sources of versions. Undefined: this version. */
interface Upgrade {
  readonly from: string | undefined
  readonly to: string | undefined
}

const nextVersion = '99.0.0'
const upgrades = [
  {
    name: 'from the previous version',
    isPossible: previous !== undefined,
    prepare: async (): Promise<Upgrade> => ({ from: await unpackVersion(previous!), to: undefined }),
  },
  {
    name: 'to a version that folds orders again',
    isPossible: isNight,
    prepare: async (): Promise<Upgrade> => ({ from: undefined, to: await makeNextVersion(nextVersion) }),
  },
]

describe.each(upgrades)(
  'a rolling upgrade $name',
  { timeout: 900_000, ...skipUnless(testServer !== undefined, 'rolling upgrades (need PostgreSQL)') },
  ({ name: title, isPossible, prepare }) => {
    let upgrade: Upgrade
    let created: Awaited<ReturnType<typeof createEmptyDatabase>>
    let database: Database
    let balancer: ConnectionBalancer
    let providers: FakeProviders
    let key: string
    let rulesBefore = 0
    const servers = new Map<number, SpawnedServer>()
    const screens: BoardClient[] = []
    const env = { WEBHOOK_PRIVATE_NETWORKS: 'on', SECRETS_KEY: Buffer.alloc(32, 5).toString('base64') }

    async function start(folder: string | undefined): Promise<number> {
      const port = await freePort()
      const options = { databaseUrl: created.url, env: { ...env, PORT: String(port) } }
      const sources = folder && { from: 'sources' as const, installed: { program: join(folder, main), folder } }
      servers.set(port, await spawnServer({ ...options, ...sources }))
      balancer.use([...servers.keys()])
      return port
    }

    /** As a service manager stops it. The balancer learns of it when connections are refused. */
    async function stop(port: number): Promise<void> {
      const begunAt = performance.now()
      const { code } = await servers.get(port)!.kill('SIGTERM')
      servers.delete(port)
      balancer.use([...servers.keys()])
      expect(code).toBe(0)
      expect(performance.now() - begunAt).toBeLessThan(stopsWithinMs)
    }

    beforeAll(async () => {
      if (!isPossible) return
      upgrade = await prepare()
      created = await createEmptyDatabase(testServer!)
      database = openPostgresql(created.url)
      balancer = await openConnectionBalancer()
      providers = await startProviders(Date.now)
    }, 300_000)
    afterAll(async () => {
      if (!isPossible) return
      for (const screen of screens) screen.close()
      providers.close()
      await balancer.close()
      await Promise.all([...servers.values()].map((server) => server.close()))
      await database.close()
      await created.drop()
      const unpacked = [upgrade.from, upgrade.to].filter((folder) => folder !== undefined)
      await Promise.all(unpacked.map((folder) => rm(folder, { recursive: true })))
    })

    const reason = 'a rolling upgrade from the previous version (it is not in the Git history here)'
    it(
      'loses nothing, repeats nothing, and no screen shows a wrong number while it lasts',
      skipUnless(isPossible, reason),
      async () => {
        const old = [await start(upgrade.from), await start(upgrade.from)]
        key = await createKey()
        await configure()
        for (let i = 0; i < screenCount; i++)
          screens.push(new BoardClient({ url: balancer.url, site: 'main', token: key }))
        await Promise.all(screens.map((screen) => screen.join()))

        const [rules] = await database.query<{ version: number }>(
          `select rules_version as version from sites where code = 'main'`,
        )
        rulesBefore = rules?.version ?? 0
        const load = startLoad()
        await delay(stepMs)
        let running = old
        for (let round = 0; round < rounds; round++) {
          const next: number[] = []
          for (const place of running.keys()) {
            const port = running[place]!
            next.push(await start(upgrade.to))
            await delay(stepMs)
            await stop(port)
            await delay(stepMs)
            if (isFirst(place, round)) running[1] = await crash(running[1]!)
          }
          running = next
        }
        const { events, breaches, bounds, retried } = await load.stop()

        await expectLog(database, events)
        expect(bounds.violations).toEqual([])
        expect(bounds.checkedCount).toBeGreaterThan(screenCount * 10)
        // Ages are as of the instant of each board, and an engine cannot go back in time.
        await eventually(async () => {
          const boards = screens.map((screen) => screen.shown!).toSorted((a, b) => a.asOf - b.asOf)
          const scratch = await boardFromScratch(database)
          for (const board of boards) expect(comparable(board)).toEqual(scratch(board.asOf))
        }, 250)
        if (upgrade.to !== undefined) await expectFoldedAgain()
        await expectFoldedByNewVersion()
        // The last orders become overdue a little later.
        await eventuallyWithin(2 * minuteMs, () => expect(namesTold().toSorted()).toEqual(breaches.toSorted()))
        // The receiver has a message before the server has recorded its answer.
        await eventuallyWithin(2 * minuteMs, async () =>
          expect(await database.query('select distinct state from messages')).toEqual([{ state: 'accepted' }]),
        )
        expect(await database.query(`select count(*)::int as count from jobs where dead_at is not null`)).toEqual([
          { count: 0 },
        ])
        console.log(
          `${title}: ${events.length} events, ${retried} requests repeated, ${bounds.checkedCount} boards checked, ${breaches.length} alerts`,
        )
      },
    )

    /** By the old version: the new one would migrate the database. */
    async function createKey(): Promise<string> {
      const command = ['key', 'create', '--name', 'test', '--scope', 'ingest,void,read,admin', '--json']
      const { from: folder } = upgrade
      const program = folder === undefined ? commands : join(folder, commands)
      const environment = { DATABASE_URL: created.url }
      const ended = await (folder === undefined
        ? runNode(program, command, environment)
        : runNode(program, command, environment, 'sources', folder))
      expect(ended.stderr).toBe('')
      return (JSON.parse(ended.stdout) as { key: string }).key
    }

    async function configure(): Promise<void> {
      const stages = ['picking', 'packing'].map((code) => ({
        code,
        name: { zh: code, en: code },
        warnAtRatio: 0.8,
        toleranceRatio: 0.1,
        ...(code === 'packing' && { targetMs: minuteMs }),
      }))
      const name = { zh: '发货', en: 'Shipping' }
      const process = { code: 'default', name, stages, acceptsNewStages: false, goals: {} }
      await api('admin/processes/default', process, 'PUT')
      const hook = {
        kind: 'webhook',
        name: 'ERP',
        settings: {},
        enabled: true,
        secrets: { url: `${providers.url}/webhook/hook`, secret: secrets.webhook },
      }
      const { id } = channel.parse(await api('channels', hook))
      await api('alert-rules', {
        name: 'Overdue',
        severity: 'critical',
        enabled: true,
        condition: { kind: 'target', ratio: 1 },
        scope: {},
        ladder: [{ afterMs: 0, to: [{ kind: 'channel', id }] }],
        acknowledgedForMs: 60 * minuteMs,
        mergeMs: 0,
      })
    }

    async function api(path: string, body: unknown, method = 'POST'): Promise<unknown> {
      const reply = await call(`${balancer.url}/api/v1/${path}`, { key, method, body })
      expect(reply).toMatchObject({ status: 200 })
      return reply.body
    }

    /** Sends new orders, some of which go on or become overdue, until it is stopped. */
    function startLoad() {
      const events: OrderEvent[] = []
      const breaches: string[] = []
      const bounds = new StageBounds(screens)
      let isOver = false
      let number = 0
      let retried = 0
      let breachedAt = 0
      const event = (order: string, type: EventType, more: Partial<OrderEvent> = {}): OrderEvent => {
        number += 1
        return { source: 'wms', id: `e-${number}`, type, order, occurredAt: Date.now(), data: {}, ...more }
      }
      const send = async (batch: readonly OrderEvent[]): Promise<void> => {
        bounds.sending(batch)
        const { answer, failedCount } = await sendUntilStored(batch, key, () => balancer.url)
        expect(answer.accepted + answer.duplicate).toBe(batch.length)
        retried += failedCount
        events.push(...batch)
        bounds.stored(batch)
      }
      const sendAll = async (sender: number): Promise<void> => {
        for (let turn = 0; !isOver; turn++) {
          const names = Array.from({ length: ordersPerBatch }, (_, i) => `L-${sender}-${turn}-${i}`)
          const batch = names.map((order) => event(order, 'stage.entered', { stage: 'picking' }))
          if (Date.now() - breachedAt > breachEveryMs) {
            breachedAt = Date.now()
            const order = `SO-${1000 + breaches.length}`
            breaches.push(order)
            batch.push(event(order, 'stage.entered', { stage: 'packing', occurredAt: Date.now() - minuteMs + 2_000 }))
          }
          await send(batch)
          // Every second order is completed, and the reports of the carrier are folded into visits.
          const done = names.filter((_, i) => i % 2 === 0)
          await send([
            ...done.map((order) => event(order, 'order.completed')),
            ...names.slice(1, 2).map((order) => event(order, 'position.reported', { data: { place: 'A9' } })),
          ])
          // The same again counts once.
          if (turn % 10 === 0) await sendUntilStored(batch, key, () => balancer.url)
          await delay(batchEveryMs)
        }
      }
      const senders = Array.from({ length: senderCount }, (_, sender) => sendAll(sender))
      return {
        async stop() {
          isOver = true
          await Promise.all(senders)
          bounds.stop()
          return { events, breaches, bounds, retried }
        },
      }
    }

    /** An instance of this version, which the next one allows, dies and starts again beside one of the next version. */
    async function crash(port: number): Promise<number> {
      await servers.get(port)!.kill('SIGKILL')
      servers.delete(port)
      const again = await start(upgrade.from)
      await delay(stepMs)
      return again
    }

    const isFirst = (place: number, round: number): boolean => upgrade.from === undefined && place === 0 && round === 0

    /** Once after the migration, and again after the last old instance has ended. */
    async function expectFoldedAgain(): Promise<void> {
      const [newest] = await database.query('select version from installed_versions order by newest_migration desc')
      expect(newest).toEqual({ version: nextVersion })
      await eventuallyWithin(minuteMs, async () => {
        const [site] = await database.query<{ rebuilds: number }>(
          `select rules_version - ${rulesBefore} as rebuilds from sites where code = 'main' and rebuild_version is null`,
        )
        // Each rebuild raises the version of the rules, and so does the demand for the one after an old instance.
        expect(site?.rebuilds).toBeGreaterThanOrEqual(3)
      })
    }

    /** What an old instance has folded must not stay. */
    async function expectFoldedByNewVersion(): Promise<void> {
      const visits = () => database.query('select * from visits order by site, order_id, visit_index')
      const before = await visits()
      const { url } = [...servers.values()][0]!
      expect((await call(`${url}/api/v1/admin/rebuild`, { key, method: 'POST' })).status).toBe(200)
      expect(await visits()).toEqual(before)
    }

    function namesTold(): string[] {
      return providers.taken.flatMap(({ text }) => [...new Set(text.match(/SO-\d+/g))])
    }
  },
)
