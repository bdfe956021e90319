import { afterAll, beforeAll, expect } from 'vitest'
import { test } from '../harness/browser-test.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { openWall } from './wall-page.ts'

const targetMs = 4_000

let server: StartedServer

beforeAll(async () => {
  server = await startServer()
})

afterAll(async () => {
  await server.close()
})

test('an order turns overdue on the wall within a second of its due instant, with no event arriving', async ({
  browser,
}) => {
  const pipeline = await server.server.sites.get('main')
  const name = { zh: '包装', en: 'Packing' }
  const stage = { code: 'packing', name, targetMs, warnAtRatio: 0.5, toleranceRatio: 0.1 }
  await pipeline.saveProcess({ code: 'default', name, stages: [stage], acceptsNewStages: false, goals: {} })
  const key = await server.createKey(['ingest'])
  const wall = await openWall(browser, server.url, 'main')
  expect(await wall.overdue()).toBe('0')

  const enteredAt = Date.now()
  const reply = await fetch(`${server.url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      source: 'test',
      id: '1',
      type: 'stage.entered',
      order: 'SO-1',
      stage: 'packing',
      occurredAt: new Date(enteredAt).toISOString(),
    }),
  })
  expect(await reply.json()).toMatchObject({ accepted: 1 })
  const answeredAt = Date.now()
  const dueAt = enteredAt + targetMs
  expect(answeredAt).toBeLessThan(dueAt)

  const shownAt = await wall.overdueShown('1')
  expect(shownAt - dueAt).toBeGreaterThanOrEqual(0)
  expect(shownAt - dueAt).toBeLessThanOrEqual(1_000)
  // The list of the page agrees with its number.
  expect(await wall.page.locator('body').innerText()).toContain('#1')
})
