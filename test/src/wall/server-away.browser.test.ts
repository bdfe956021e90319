import { rm } from 'node:fs/promises'
import { createTestDataDirectory } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, expect } from 'vitest'
import { test } from '../harness/browser-test.ts'
import { freePort } from '../harness/free-port.ts'
import { runNode } from '../harness/node-process.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import type { SpawnedServer } from '../harness/spawn-server.ts'
import { openWall } from './wall-page.ts'

let server: SpawnedServer
let dataDirectory: string
let port: number

beforeAll(async () => {
  port = await freePort()
  dataDirectory = await createTestDataDirectory()
  server = await spawnServer({ dataDirectory, env: { PORT: String(port) } })
})

afterAll(async () => {
  await server.close()
  await rm(dataDirectory, { recursive: true, force: true })
})

async function createKey(): Promise<string> {
  const args = ['key', 'create', '--name', 'test', '--scope', 'ingest', '--json']
  const { code, stdout, stderr } = await runNode('server/src/cli/stagewatch.ts', args, { DATA_DIR: dataDirectory })
  expect([code, stderr]).toEqual([0, ''])
  const { key } = JSON.parse(stdout) as { key: string }
  return key
}

async function enterOrders(key: string, from: number, to: number): Promise<void> {
  const events = Array.from({ length: to - from }, (_, i) => ({
    source: 'test',
    id: String(from + i),
    type: 'stage.entered',
    order: `SO-${from + i}`,
    stage: 'packing',
    occurredAt: new Date(Date.now() - 60_000).toISOString(),
  }))
  const reply = await fetch(`${server.url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events }),
  })
  expect(await reply.json()).toMatchObject({ accepted: to - from })
}

test('a wall says that its server is away, and recovers without a reload when it is back', async ({ browser }) => {
  const key = await createKey()
  await enterOrders(key, 0, 7)
  const wall = await openWall(browser, server.url, 'main', 'all')
  await expect.poll(() => wall.openOrders()).toBe('7')
  await wall.page.evaluate(() => Object.assign(window, { loadedOnce: true }))
  // Characters that this board has not used yet: a list that turns its page during the outage may need them.
  await expect
    .poll(() => wall.page.evaluate(() => document.fonts.check("24px 'Noto Sans SC Variable'", '谢遗赫')), {
      timeout: 15_000,
    })
    .toBe(true)
  const bar = wall.page.locator('.disconnected-banner')
  expect(await bar.count()).toBe(0)

  await server.kill('SIGKILL')
  await bar.waitFor({ timeout: 25_000 })
  expect(await bar.innerText()).toContain('Disconnected')
  // The last known values stay readable.
  expect(await wall.openOrders()).toBe('7')

  server = await spawnServer({ dataDirectory, env: { PORT: String(port) } })
  await enterOrders(key, 7, 12)
  await bar.waitFor({ state: 'detached', timeout: 20_000 })
  await expect.poll(() => wall.openOrders(), { timeout: 8_000 }).toBe('12')
  expect(await wall.page.evaluate(() => 'loadedOnce' in window)).toBe(true)
})
