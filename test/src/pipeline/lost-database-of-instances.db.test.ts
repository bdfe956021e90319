import type { Database } from '@stagewatch/db/database.ts'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { createTestDatabase } from '@stagewatch/db/test-database.ts'
import { shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BoardClient } from '../harness/board-client.ts'
import { eventually } from '../harness/eventually.ts'
import { skipUnless } from '../harness/skip.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { startServer } from '../harness/start-server.ts'
import type { TcpProxy } from '../harness/tcp-proxy.ts'
import { openTcpProxy } from '../harness/tcp-proxy.ts'

const testServer = process.env['TEST_DATABASE_URL']
const heartbeatMs = 2_000
/**
 * Boards say within 15 s that they are cut off. Counted in heartbeats, because a busy machine sends them more slowly and
 * notices the outage more slowly by the same amount.
 */
const silentHeartbeats = Math.floor(15_000 / heartbeatMs)

/** A server instance with its own connection to the common database, and a screen that shows a board of it. */
interface Instance {
  readonly network: TcpProxy
  readonly database: Database
  readonly started: StartedServer
  readonly screen: BoardClient
  readonly key: string
}

describe(
  'three server instances on one PostgreSQL',
  { timeout: 120_000, ...skipUnless(testServer !== undefined, 'several servers (need PostgreSQL)') },
  () => {
    let created: Awaited<ReturnType<typeof createTestDatabase>>
    let instances: Instance[]
    let a: Instance
    let b: Instance
    let c: Instance

    beforeAll(async () => {
      created = await createTestDatabase(testServer!)
    })
    afterAll(() => created.drop())
    beforeEach(async () => {
      instances = []
      for (let i = 0; i < 3; i++) instances.push(await openInstance(created.url))
      ;[a, b, c] = instances as [Instance, Instance, Instance]
      const site = await a.started.server.sites.get('main')
      await site.saveProcess(shipping)
      await Promise.all(instances.map(({ screen }) => screen.join()))
      await eventually(() => expect(instances.map(saysCutOff)).toEqual([false, false, false]))
    })
    afterEach(async () => {
      for (const instance of instances) await closeInstance(instance)
    })

    it('all say on their boards that they are cut off from it, and recover', async () => {
      const cutAt = Date.now()
      for (const { network } of instances) network.swallow()
      await eventually(() => expect(instances.map(saysCutOff)).toEqual([true, true, true]))
      for (const instance of instances) {
        expectSaidInTime(instance, cutAt)
        await expectNotReady(instance)
        expect(await sendEvent(instance, 'refused')).toMatchObject({ status: 503 })
      }
      for (const { network } of instances) network.cut()
      await expectRecovered(instances)
    })

    it('say so only where they are cut off: the others show what happens meanwhile', async () => {
      const cutAt = Date.now()
      a.network.swallow()
      await eventually(() => expect(instances.map(saysCutOff)).toEqual([true, false, false]))
      expectSaidInTime(a, cutAt)
      await expectNotReady(a)
      for (const { started } of [b, c]) expect((await fetch(`${started.url}/readyz`)).status).toBe(200)
      const before = openOrders(a)
      expect(await sendEvent(b, 'meanwhile')).toMatchObject({ status: 200, body: { accepted: 1 } })
      await eventually(() => expect([b, c].map(openOrders)).toEqual([before! + 1, before! + 1]))
      expect(openOrders(a)).toBe(before)

      a.network.cut()
      await eventually(() => expect(openOrders(a)).toBe(before! + 1))
      await expectRecovered(instances)
      for (const { screen } of [b, c]) expect(screen.heartbeats.filter(({ dataAsOf }) => dataAsOf)).toEqual([])
    })
  },
)

async function openInstance(databaseUrl: string): Promise<Instance> {
  const url = new URL(databaseUrl)
  const network = await openTcpProxy(Number(url.port || 5432))
  url.host = `127.0.0.1:${network.port}`
  const database = openPostgresql(url.href)
  const started = await startServer({ database })
  const key = await started.createKey(['ingest'])
  return { network, database, started, key, screen: new BoardClient({ url: started.url, site: 'main' }) }
}

async function closeInstance({ network, database, started, screen }: Instance): Promise<void> {
  screen.close()
  network.cut()
  await started.close()
  await database.close()
  await network.close()
}

/** Undefined until there is a heartbeat. */
function saysCutOff({ screen }: Instance): boolean | undefined {
  const newest = screen.heartbeats.at(-1)
  return newest && newest.dataAsOf !== undefined
}

function openOrders({ screen }: Instance): number | undefined {
  return screen.shown?.kpis.open.count
}

/** The board has not claimed to be live for longer than promised, and says when its numbers were current. */
function expectSaidInTime({ screen }: Instance, cutAt: number): void {
  const since = screen.heartbeats.filter(({ at }) => at >= cutAt)
  const said = since.findIndex(({ dataAsOf }) => dataAsOf !== undefined)
  expect(said).toBeGreaterThan(0)
  expect(said).toBeLessThanOrEqual(silentHeartbeats)
  // The time is to the second, and of the last check that was answered.
  expect(since[said]!.dataAsOf).toBeLessThanOrEqual(cutAt)
}

async function expectNotReady({ started }: Instance): Promise<void> {
  const response = await fetch(`${started.url}/readyz`)
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({ code: 'not_ready' })
}

/** No instance says any longer that it is cut off, and each shows an event that another one accepts. */
async function expectRecovered(instances: readonly Instance[]): Promise<void> {
  await eventually(async () => {
    for (const { started } of instances) expect((await fetch(`${started.url}/readyz`)).status).toBe(200)
    expect(instances.map(saysCutOff)).toEqual(instances.map(() => false))
  })
  for (const instance of instances) {
    const before = openOrders(instance)!
    expect(await sendEvent(instance, 'afterwards')).toMatchObject({ status: 200, body: { accepted: 1 } })
    await eventually(() => expect(instances.map(openOrders)).toEqual(instances.map(() => before + 1)))
  }
}

let sent = 0

async function sendEvent({ started, key }: Instance, name: string): Promise<{ status: number; body: unknown }> {
  const id = `${name}-${++sent}`
  const event = { source: 'wms', id, type: 'stage.entered', order: `SO-${id}`, stage: 'picking' }
  const response = await fetch(`${started.url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...event, occurredAt: new Date().toISOString() }),
  })
  return { status: response.status, body: await response.json() }
}
