import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '@stagewatch/db/database.ts'
import { openEmbedded } from '@stagewatch/db/embedded.ts'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { createTestDatabase, createTestDataDirectory } from '@stagewatch/db/test-database.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { describe, expect, it } from 'vitest'
import { createKey } from '../harness/create-key.ts'
import { sendUntilStored } from '../harness/send-until-stored.ts'
import { isNight, skipUnless } from '../harness/skip.ts'
import type { SpawnedServer } from '../harness/spawn-server.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import { faultSeed, randomNumbers } from './random-numbers.ts'
import { shippingLog } from './shipping-log.ts'
import { expectLog, expectShown } from './shipping-truth.ts'

const testServer = process.env['TEST_DATABASE_URL']
const killCount = isNight ? 20 : 2
const senderCount = 4
const batchSize = 40
/** Maximum number of responses between a start and the next kill, low enough that batches remain after all kills. */
const longestLife = 12
/** A start takes one or two seconds, and ten on a busy machine. */
const timeout = 900_000

/** A server that is killed repeatedly; senders wait for the next start. */
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
    await this.#current
  }
}

/** Sends all batches at full speed, retries each until it is acknowledged, and kills the server at random times. */
async function sendThroughKills(server: MortalServer, key: string, events: readonly OrderEvent[]): Promise<number> {
  const random = randomNumbers(faultSeed)
  const batches = Array.from({ length: Math.ceil(events.length / batchSize) }, (_, i) =>
    events.slice(i * batchSize, (i + 1) * batchSize),
  )
  let sent = 0
  let failed = 0
  let kills = 0
  let untilKill = 1 + Math.floor(random() * longestLife)
  let killing: Promise<void> | undefined
  const kill = async (): Promise<void> => {
    // At any point between two responses.
    await delay(random() * 20)
    await server.kill()
    kills += 1
    untilKill = 1 + Math.floor(random() * longestLife)
    killing = undefined
  }
  const send = async (): Promise<void> => {
    for (let batch = batches[sent++]; batch !== undefined; batch = batches[sent++]) {
      const { answer, failedCount } = await sendUntilStored(batch, key, async () => (await server.current).url)
      expect(answer.accepted + answer.duplicate).toBe(batch.length)
      failed += failedCount
      if (killing === undefined && kills < killCount && --untilKill <= 0) killing = kill()
    }
  }
  await Promise.all(Array.from({ length: senderCount }, send))
  await killing
  expect(kills).toBe(killCount)
  return failed
}

interface Installation {
  readonly env: NodeJS.ProcessEnv
  readonly start: () => Promise<SpawnedServer>
  readonly openDatabase: () => Promise<Database>
  readonly remove: () => Promise<void>
}

async function embedded(): Promise<Installation> {
  const dataDirectory = await createTestDataDirectory()
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

describe(`a server that is killed ${killCount} times while it takes events (FAULT_SEED=${faultSeed})`, () => {
  const events = shippingLog(900)

  async function survive(installation: Installation): Promise<void> {
    const server = new MortalServer(installation.start)
    try {
      await server.current
      const key = await createKey(installation.env, 'ingest,void')
      expect(await sendThroughKills(server, key, events)).toBeGreaterThan(0)
      await expectShown((await server.current).url, events)
      await (await server.current).kill('SIGTERM')
      const database = await installation.openDatabase()
      await expectLog(database, events)
      await database.close()
    } finally {
      await (await server.current).close()
      await installation.remove()
    }
  }

  it(
    'has every acknowledged event once, and the right figures, on the embedded database',
    {
      timeout,
      ...skipUnless(testServer === undefined, 'kills on the embedded database (they run without TEST_DATABASE_URL)'),
    },
    async () => {
      await survive(await embedded())
    },
  )

  it(
    'has every acknowledged event once, and the right figures, on PostgreSQL',
    { timeout, ...skipUnless(testServer !== undefined, 'kills on PostgreSQL') },
    async () => {
      await survive(await postgresql())
    },
  )
})
