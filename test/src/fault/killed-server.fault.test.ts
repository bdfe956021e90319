import { join } from 'node:path'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import type { Database } from '@stagewatch/db/database.ts'
import { openEmbedded } from '@stagewatch/db/embedded.ts'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { createTestDatabase } from '@stagewatch/db/test-database.ts'
import { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { foldAgain } from '@stagewatch/server/fold/fold-orders.ts'
import { stageStatistics } from '@stagewatch/server/query/stage-stats.ts'
import { stageStatsAnswer } from '@stagewatch/shared/contract/stage-stats.ts'
import type { StageStats } from '@stagewatch/shared/contract/stage-stats.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { describe, expect, it } from 'vitest'
import { startNode } from '../harness/node-process.ts'
import { sendEvents } from '../harness/send-events.ts'
import { skipUnless } from '../harness/skip.ts'
import type { SpawnedServer } from '../harness/spawn-server.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import { shippingLog } from './shipping-log.ts'

const testServer = process.env['TEST_DATABASE_URL']
const killCount = 3
const senderCount = 4
const batchSize = 40

/** A server that is killed again and again; whoever sends waits for the next one. */
class MortalServer {
  readonly #start: () => Promise<SpawnedServer>
  #current: Promise<SpawnedServer>

  constructor(start: () => Promise<SpawnedServer>) {
    this.#start = start
    this.#current = start()
  }

  get current(): Promise<SpawnedServer> {
    return this.#current
  }

  async kill(): Promise<void> {
    const server = await this.#current
    const ended = server.kill('SIGKILL')
    this.#current = ended.then(this.#start)
    await ended
  }
}

/** Sends everything in batches, each until it is answered, and kills the server on the way. */
async function sendThroughKills(server: MortalServer, key: string, events: readonly OrderEvent[]): Promise<number> {
  const batches = Array.from({ length: Math.ceil(events.length / batchSize) }, (_, i) =>
    events.slice(i * batchSize, (i + 1) * batchSize).map(asSent),
  )
  let sent = 0
  let answered = 0
  let refused = 0
  const kills: Promise<void>[] = []
  const sendOne = async (batch: readonly unknown[]): Promise<void> => {
    for (;;) {
      const { url } = await server.current
      try {
        const { accepted, duplicate } = await sendEvents(url, key, batch)
        expect(accepted + duplicate).toBe(batch.length)
        return
      } catch (error) {
        // The server died before it answered: whether it has stored the batch is not known.
        if (!(error instanceof TypeError)) throw error
        refused += 1
      }
    }
  }
  const send = async (): Promise<void> => {
    for (let batch = batches[sent++]; batch !== undefined; batch = batches[sent++]) {
      await sendOne(batch)
      answered += 1
      if (answered >= ((kills.length + 1) * batches.length) / (killCount + 1) && kills.length < killCount) {
        kills.push(server.kill())
      }
    }
  }
  await Promise.all(Array.from({ length: senderCount }, send))
  await Promise.all(kills)
  expect(kills).toHaveLength(killCount)
  return refused
}

function asSent({ occurredAt, ...event }: OrderEvent): unknown {
  return { ...event, occurredAt: new Date(occurredAt).toISOString() }
}

async function statistics(server: SpawnedServer): Promise<StageStats[]> {
  const reply = await fetch(`${server.url}/api/v1/stages/stats?site=main`)
  return byStage(stageStatsAnswer.parse(await reply.json()).stages)
}

/** What folding all events at once, without any server, gives. */
async function truth(events: readonly OrderEvent[]): Promise<StageStats[]> {
  const engine = new LiveEngine('UTC')
  for (const [order, log] of Map.groupBy(events, (event) => event.order)) {
    const rules = { defaultProcess: 'default', rulesOf: () => ({ isTerminal: () => false }) }
    const { process, state, eventCount } = foldAgain(order, log, 0, rules)
    engine.apply(order, process, state, eventCount, Date.now())
  }
  return byStage(await stageStatistics(engine, {}))
}

function byStage(stages: readonly StageStats[]): StageStats[] {
  return stages.toSorted((a, b) => (a.stage < b.stage ? -1 : 1))
}

interface Installation {
  readonly env: NodeJS.ProcessEnv
  readonly start: () => Promise<SpawnedServer>
  readonly openDatabase: () => Promise<Database>
  readonly remove: () => Promise<void>
}

async function embedded(): Promise<Installation> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'stagewatch-'))
  return {
    env: { DATA_DIR: dataDirectory },
    start: () => spawnServer({ dataDirectory }),
    openDatabase: () => openEmbedded(join(dataDirectory, 'pglite')),
    remove: () => rm(dataDirectory, { recursive: true, force: true }),
  }
}

async function postgresql(): Promise<Installation> {
  const { url, drop } = await createTestDatabase(testServer!)
  return {
    env: { DATABASE_URL: url },
    start: () => spawnServer({ databaseUrl: url }),
    openDatabase: () => Promise.resolve(openPostgresql(url)),
    remove: drop,
  }
}

describe('a server that is killed while it takes events', () => {
  const events = shippingLog(200)

  async function survive(installation: Installation): Promise<void> {
    const server = new MortalServer(installation.start)
    try {
      await server.current
      const command = ['key', 'create', '--name', 'sender', '--scope', 'ingest', '--json']
      const { stdout } = await startNode('server/src/command/stagewatch.ts', command, installation.env).ended
      expect(await sendThroughKills(server, JSON.parse(stdout).key, events)).toBeGreaterThan(0)
      expect(await statistics(await server.current)).toEqual(await truth(events))
      await (await server.current).kill('SIGTERM')
      const database = await installation.openDatabase()
      const rows = await database.query<{ id: string }>('select id from events')
      await database.close()
      expect(rows.map(({ id }) => id).toSorted()).toEqual(events.map(({ id }) => id).toSorted())
    } finally {
      await (await server.current).close()
      await installation.remove()
    }
  }

  it('has every acknowledged event once, and the right figures, on the embedded database', async () => {
    await survive(await embedded())
  })

  it(
    'has every acknowledged event once, and the right figures, on PostgreSQL',
    skipUnless(testServer !== undefined, 'kills on PostgreSQL'),
    async () => {
      await survive(await postgresql())
    },
  )
})
