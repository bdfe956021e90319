import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { test } from '../harness/browser-test.ts'
import { logFile } from '../harness/log-folder.ts'
import { startNode } from '../harness/node-process.ts'
import { skipUnless } from '../harness/skip.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { openWall } from './wall-page.ts'

const file = logFile('olist_orders')
/** Two years in about ten seconds. */
const speed = 6_000_000

describe('a replayed log', skipUnless(existsSync(file), `replay of a real log (no ${file})`), () => {
  let server: StartedServer

  beforeAll(async () => {
    server = await startServer()
  })

  afterAll(async () => {
    await server.close()
  })

  test('moves the wall while it runs, up to what the server says at its end', async ({ browser }) => {
    const key = await server.createKey(['ingest', 'read'])
    const replay = await startNode(
      'server/src/cli/stagewatch.ts',
      [
        'replay',
        file,
        '--speed',
        String(speed),
        '--shift-to-now',
        '--as',
        'entered',
        '--url',
        server.url,
        '--key',
        key,
      ],
      {},
    )
    const wall = await openWall(browser, server.url, 'main')
    const seen = new Set<string>()
    let running = true
    void replay.ended.finally(() => (running = false))
    while (running) {
      seen.add(await wall.openOrders())
      await wall.page.evaluate(() => new Promise(requestAnimationFrame))
    }
    const { code, stderr } = await replay.ended
    expect([code, stderr]).toEqual([0, expect.any(String)])
    expect(seen.size).toBeGreaterThan(10)
    const reply = await fetch(`${server.url}/api/v1/kpis?site=main`)
    const kpis = (await reply.json()) as { open: { count: number } }
    expect(kpis.open.count).toBeGreaterThan(1_000)
    await expect.poll(() => wall.openOrders()).toBe(kpis.open.count.toLocaleString('en'))
  })
})
