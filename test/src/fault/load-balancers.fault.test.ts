import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { createTestDatabase } from '@stagewatch/db/test-database.ts'
import { describe, expect, it } from 'vitest'
import { hasBalancer, startBalancer } from '../harness/balancer.ts'
import type { Balancer, BalancerKind } from '../harness/balancer.ts'
import { BoardClient } from '../harness/board-client.ts'
import { createKey } from '../harness/create-key.ts'
import { freePort } from '../harness/free-port.ts'
import { sendUntilStored } from '../harness/send-until-stored.ts'
import { skipUnless } from '../harness/skip.ts'
import type { SpawnedServer } from '../harness/spawn-server.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import { boardFromScratch, comparable } from './board-from-scratch.ts'
import { shippingLog } from './shipping-log.ts'
import { expectLog } from './shipping-truth.ts'
import { eventually } from '../harness/eventually.ts'

const testServer = process.env['TEST_DATABASE_URL']
const kinds = ['nginx', 'haproxy'] as const
const batchSize = 25
const screenCount = 6

describe.each(kinds)('two servers behind %s', (kind) => {
  const reason = `two servers behind ${kind} (needs ${kind}, the right to start it, and PostgreSQL)`

  it(
    'take events and show boards through it, also when one of them dies',
    { timeout: 300_000, ...skipUnless(hasBalancer(kind) && testServer !== undefined, reason) },
    () => survive(kind),
  )
})

async function survive(kind: BalancerKind): Promise<void> {
  const { url: databaseUrl, drop } = await createTestDatabase(testServer!)
  const database = openPostgresql(databaseUrl)
  const ports = [await freePort(), await freePort()] as const
  const start = (port: number) =>
    spawnServer({ databaseUrl, env: { PORT: String(port), PUBLIC_URL: 'https://stagewatch.example' } })
  let servers: SpawnedServer[] = []
  let balancer: Balancer | undefined
  const screens: BoardClient[] = []
  try {
    servers = await Promise.all(ports.map(start))
    balancer = await startBalancer(kind, ports)
    const { url } = balancer
    await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200))
    const token = await createKey({ DATABASE_URL: databaseUrl }, 'ingest,void,read')
    const events = shippingLog(40, Date.now() - 86_400_000)
    const half = Math.floor(events.length / 2)
    const send = async (from: number, to: number): Promise<void> => {
      for (let at = from; at < to; at += batchSize) {
        await sendUntilStored(events.slice(at, Math.min(at + batchSize, to)), token, () => url)
      }
    }
    for (let i = 0; i < screenCount; i++) screens.push(new BoardClient({ url, site: 'main', token }))
    await Promise.all(screens.map((screen) => screen.join()))

    await send(0, half)
    await expectScreens()
    // Each server has a screen; otherwise killing one would prove nothing.
    const epochs = new Set(screens.map((screen) => screen.shown?.epoch))
    expect(epochs.size).toBe(2)

    await servers[0]!.kill('SIGKILL')
    await send(half, events.length)
    await expectScreens()
    expect(new Set(screens.map((screen) => screen.shown?.epoch)).size).toBe(1)
    await expectLog(database, events)
    expect((await fetch(`${url}/metrics`)).status).toBe(404)
  } finally {
    for (const screen of screens) screen.close()
    await balancer?.close()
    await Promise.all(servers.map((server) => server.close()))
    await database.close()
    await drop()
  }

  async function expectScreens(): Promise<void> {
    const scratch = await boardFromScratch(database)
    await eventually(() => {
      const expected = scratch(Date.now())
      for (const [i, screen] of screens.entries()) {
        const shown = screen.shown === undefined ? undefined : comparable(screen.shown)
        expect(shown, `screen ${i}`).toEqual(expected)
      }
    })
  }
}
