import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { createTestDatabase } from '@stagewatch/db/test-database.ts'
import { serverActor } from '@stagewatch/server/access/actor.ts'
import { shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { systemClock } from '@stagewatch/server/platform/clock/clock.ts'
import { SiteCatalog } from '@stagewatch/server/rules/site-catalog.ts'
import type { ClientToServer, ServerToClient } from '@stagewatch/shared/contract/socket.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { Socket } from 'socket.io-client'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKey } from '../harness/create-key.ts'
import { startNode } from '../harness/node-process.ts'
import { sendUntilStored } from '../harness/send-until-stored.ts'
import { isNight, skipUnless } from '../harness/skip.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import type { SpawnedServer } from '../harness/spawn-server.ts'

const testServer = process.env['TEST_DATABASE_URL']
const rowCount = isNight ? 1_000_000 : 100_000
const screensPerServer = 10
/** Heartbeat interval of a server. */
const heartbeatEveryMs = 2_000
const latestHeartbeatMs = 1_000
const latestDeltaMs = 2_000
const eventEveryMs = 500

/** A wall that records what arrives and when. */
class Wall {
  readonly heartbeats: number[] = []
  readonly deltas: { readonly position: bigint; readonly at: number }[] = []
  readonly #socket: Socket<ServerToClient, ClientToServer>

  constructor(url: string) {
    this.#socket = io(url, { auth: { site: 'main' }, transports: ['websocket'], forceNew: true })
    this.#socket.on('board:pulse', () => this.heartbeats.push(performance.now()))
    this.#socket.on('board:delta', ({ position }) =>
      this.deltas.push({ position: BigInt(position), at: performance.now() }),
    )
  }

  async join(): Promise<void> {
    const answer = await this.#socket.timeout(10_000).emitWithAck('board:join', { board: 'overview' })
    if (!answer.ok) throw new Error(answer.code)
  }

  /** The greatest delay of a heartbeat in the period, ms. A heartbeat still missing at `until` counts. */
  latestHeartbeatMs(from: number, until: number): number {
    const times = [from, ...this.heartbeats.filter((at) => at > from && at < until), until]
    return Math.max(...times.slice(1).map((at, i) => at - (times[i] ?? at))) - heartbeatEveryMs
  }

  /** Time from `at` to the first delta that contains the event, ms; Infinity if none has arrived. */
  deltaAfterMs({ position, at }: { readonly position: bigint; readonly at: number }): number {
    const delta = this.deltas.find((one) => one.position >= position)
    return delta === undefined ? Infinity : Math.max(0, delta.at - at)
  }

  close(): void {
    this.#socket.disconnect()
  }
}

describe(
  `${rowCount.toLocaleString('en')} rows are imported while three servers serve walls`,
  { timeout: 1_800_000, ...skipUnless(testServer !== undefined, 'an import beside walls (needs PostgreSQL)') },
  () => {
    let created: Awaited<ReturnType<typeof createTestDatabase>>
    let servers: SpawnedServer[] = []
    let walls: Wall[] = []
    let folder: string
    let key: string

    beforeAll(async () => {
      created = await createTestDatabase(testServer!)
      folder = await mkdtemp(join(tmpdir(), 'stagewatch-import-'))
      await writeFile(join(folder, 'rows.csv'), rows().join('\n'))
      servers = await Promise.all([1, 2, 3].map(() => spawnServer({ databaseUrl: created.url })))
      const database = openPostgresql(created.url)
      const catalog = await SiteCatalog.open(database, 'main', systemClock)
      await catalog.save(shipping, serverActor)
      await database.close()
      key = await createKey({ DATABASE_URL: created.url }, 'ingest')
      walls = servers.flatMap(({ url }) => Array.from({ length: screensPerServer }, () => new Wall(url)))
      await Promise.all(walls.map((wall) => wall.join()))
    }, 300_000)
    afterAll(async () => {
      for (const wall of walls) wall.close()
      await Promise.all(servers.map((server) => server.close()))
      await created.drop()
      await rm(folder, { recursive: true })
    })

    it('no heartbeat comes later than a second, and no delta later than two', async () => {
      const beganAt = performance.now()
      const command = await startNode('server/src/cli/stagewatch.ts', ['import', join(folder, 'rows.csv'), '--json'], {
        DATABASE_URL: created.url,
      })
      let isRunning = true
      const ended = command.ended.finally(() => {
        isRunning = false
      })
      const sent: { position: bigint; at: number }[] = []
      while (isRunning) {
        const { answer } = await sendUntilStored([liveEvent(sent.length)], key, () => servers[sent.length % 3]!.url)
        sent.push({ position: BigInt(answer.position), at: performance.now() })
        await delay(eventEveryMs)
      }
      const { code, stdout } = await ended
      expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 0, accepted: rowCount })
      const endedAt = performance.now()
      await delay(latestDeltaMs)
      const heartbeats = walls.map((wall) => wall.latestHeartbeatMs(beganAt, endedAt))
      const deltas = walls.map((wall) => Math.max(...sent.map((event) => wall.deltaAfterMs(event))))
      expect(
        Math.max(...heartbeats),
        `latest heartbeats, ms: ${heartbeats.map((ms) => Math.round(ms)).join(', ')}`,
      ).toBeLessThan(latestHeartbeatMs)
      expect(Math.max(...deltas), `latest deltas, ms: ${deltas.map((ms) => Math.round(ms)).join(', ')}`).toBeLessThan(
        latestDeltaMs,
      )
    })
  },
)

const stages = ['picking', 'packing', 'labelling', 'shipped']
const ordersAtOnce = 2_000

/** Rows in chronological order: orders in parallel, each with one row per stage. */
function rows(): string[] {
  const firstAt = Date.now() - rowCount * 1_000 - 86_400_000
  const lines = Array.from({ length: rowCount }, (_, i) => {
    const round = Math.floor(i / ordersAtOnce)
    const order = Math.floor(round / stages.length) * ordersAtOnce + (i % ordersAtOnce)
    return `SO-${order},${stages[round % stages.length]},${new Date(firstAt + i * 1_000).toISOString()},u${i % 40}`
  })
  return ['order_id,stage,timestamp,actor', ...lines, '']
}

function liveEvent(i: number): OrderEvent {
  const order = `live-${i}`
  return { source: 'wms', id: order, type: 'stage.entered', order, stage: 'picking', occurredAt: Date.now(), data: {} }
}
