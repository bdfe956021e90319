import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '@stagewatch/db/embedded.ts'
import { createTestDataDirectory } from '@stagewatch/db/test-database.ts'
import { eventsAnswer } from '@stagewatch/shared/contract/event.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BoardClient } from '../harness/board-client.ts'
import { createKey } from '../harness/create-key.ts'
import { eventually, eventuallyWithin } from '../harness/eventually.ts'
import { sendUntilStored } from '../harness/send-until-stored.ts'
import { skipUnless } from '../harness/skip.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import type { SpawnedServer } from '../harness/spawn-server.ts'
import { someEvent } from '../http/some-event.ts'
import { shippingLog } from './shipping-log.ts'
import { expectLog, expectShown } from './shipping-truth.ts'

const secondMs = 1_000
const isLinux = process.platform === 'linux'
const isRoot = process.getuid?.() === 0
const hasPrlimit = existsSync('/usr/bin/prlimit')

let dataDirectory: string
const servers: SpawnedServer[] = []

beforeEach(async () => {
  dataDirectory = await createTestDataDirectory()
})
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
  await rm(dataDirectory, { recursive: true, force: true })
})

async function start(env: NodeJS.ProcessEnv = {}): Promise<SpawnedServer> {
  const server = await spawnServer({ dataDirectory, env })
  servers.push(server)
  return server
}

describe(
  'a server that has no free file descriptors',
  skipUnless(isLinux && hasPrlimit, 'file descriptors (need Linux and prlimit)'),
  () => {
    it('keeps the connections that it has, and accepts new ones again when some have ended', async () => {
      const server = await start()
      const screen = new BoardClient({ url: server.url, site: 'main' })
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      const strangers: Socket[] = []
      try {
        await screen.join()
        const key = await createKey({ DATA_DIR: dataDirectory }, 'ingest')
        expect(await statusOf(`${server.url}/healthz`, agent)).toBe(200)
        const open = readdirSync(`/proc/${server.pid}/fd`).length
        execFileSync('prlimit', ['--pid', String(server.pid), `--nofile=${open + 10}`])
        for (let i = 0; i < 60; i++) strangers.push(connect(Number(new URL(server.url).port), '127.0.0.1'))
        for (const stranger of strangers) stranger.on('error', () => undefined)
        await eventually(() => expect(readdirSync(`/proc/${server.pid}/fd`).length).toBeGreaterThanOrEqual(open + 9))
        // Known clients notice nothing.
        expect(await statusOf(`${server.url}/healthz`, agent)).toBe(200)
        for (const stranger of strangers) stranger.destroy()
        await eventually(async () => expect((await fetchWithin(`${server.url}/healthz`, secondMs)).status).toBe(200))
        const { answer } = await sendUntilStored([event('after')], key, () => server.url)
        expect(answer.accepted).toBe(1)
        await screen.until(({ kpis }) => kpis.open.count === 1)
        expect(screen.joinCount).toBe(1)
        expect((await server.kill('SIGTERM')).code).toBe(0)
      } finally {
        for (const stranger of strangers) stranger.destroy()
        agent.destroy()
        screen.close()
      }
    })
  },
)

describe('a server that has too little memory for its orders', () => {
  it(
    'refuses events before it is ended for it, or has all that it acknowledged after it',
    { timeout: 300_000 },
    async () => {
      const small = await start({ NODE_OPTIONS: '--max-old-space-size=160' })
      const key = await createKey({ DATA_DIR: dataDirectory }, 'ingest')
      let stored = 0
      let refused = 0
      const statuses = new Set<number>()
      let hasEnded = false
      for (let batch = 0; batch < 400 && !hasEnded && refused < 3; batch++) {
        const events = Array.from({ length: 1_000 }, (_, i) => someEvent(longEvent(`${batch}-${i}`)))
        const reply = await fetch(`${small.url}/api/v1/events`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify(events),
        }).catch(() => undefined)
        if (reply === undefined) hasEnded = true
        else if (reply.ok) stored += eventsAnswer.parse(await reply.json()).accepted
        else refused += 1
        statuses.add(reply?.status ?? 0)
      }
      console.log(
        `${stored} events were stored, ${refused} requests refused; the server ${hasEnded ? 'ended' : 'runs'}`,
      )
      expect([...statuses].filter((status) => ![0, 200, 429, 503].includes(status))).toEqual([])
      expect(hasEnded || refused > 0).toBe(true)
      await small.kill('SIGKILL')
      const large = await start()
      const count = await largeCount(large, key)
      expect(count).toBeGreaterThanOrEqual(stored)
    },
  )
})

describe(
  'a server whose processors are busy with other programs',
  skipUnless(isLinux && isRoot, 'busy processors (needs root, for their priority)'),
  () => {
    const events = shippingLog(30)
    const others: ChildProcess[] = []
    afterEach(() => {
      for (const other of others.splice(0)) other.kill('SIGKILL')
    })

    it('stores and shows the same, only later', { timeout: 300_000 }, async () => {
      const server = await start()
      const key = await createKey({ DATA_DIR: dataDirectory }, 'ingest,void')
      for (let i = 0; i < availableParallelism(); i++) {
        others.push(spawn('nice', ['-n', '-5', process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' }))
      }
      for (let from = 0; from < events.length; from += 50) {
        const batch = events.slice(from, from + 50)
        const { answer } = await sendUntilStored(batch, key, () => server.url)
        expect(answer.accepted + answer.duplicate).toBe(batch.length)
      }
      await eventuallyWithin(120 * secondMs, () => expectShown(server.url, events))
      for (const other of others) expect(other.exitCode).toBeNull()
      await server.kill('SIGTERM')
      const database = await openEmbedded(join(dataDirectory, 'pglite'))
      await expectLog(database, events)
      await database.close()
    })
  },
)

function event(order: string) {
  const occurredAt = Date.now()
  return { source: 'wms', id: order, type: 'stage.entered', order, stage: 'picking', occurredAt, data: {} } as const
}

/** Each order is kept in memory, with texts of its own. */
function longEvent(id: string) {
  const text = `${id} ${'x'.repeat(150)}`
  return { id, order: `SO-${id}`, type: 'stage.entered', stage: 'picking', data: { customer: text, product: text } }
}

async function largeCount(server: SpawnedServer, key: string): Promise<number> {
  const { answer } = await sendUntilStored([event('last')], key, () => server.url)
  return Number(answer.position) - 1
}

function fetchWithin(url: string, ms: number): Promise<Response> {
  return fetch(url, { signal: AbortSignal.timeout(ms), headers: { connection: 'close' } })
}

function statusOf(url: string, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    }).on('error', reject)
  })
}
