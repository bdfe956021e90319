import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { test } from '../harness/browser-test.ts'
import { isNight } from '../harness/skip.ts'
import { call } from '../http/call.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { openDeskAs } from './desk-page.ts'
import { ago } from './desk-plant.ts'

const orderCount = isNight ? 100_000 : 2_000
const batchSize = 1_000
const numbered = (index: number) => `ROW-${String(index).padStart(6, '0')}`
const last = numbered(orderCount - 1)

let server: PeopledServer
let key: string
beforeAll(async () => {
  server = await startPeopled()
  key = await server.createKey(['ingest'])
  for (let from = 0; from < orderCount; from += batchSize) {
    await send(Array.from({ length: batchSize }, (_, i) => entered(numbered(from + i))))
  }
}, 300_000)
afterAll(() => server.close())

const entered = (order: string) => ago(100, order, 'stage.entered', { stage: 'cut', actor: 'Ada' })

async function send(events: readonly unknown[]): Promise<void> {
  const { body } = await call(`${server.url}/api/v1/events`, { key, body: events })
  expect(body).toMatchObject({ accepted: events.length })
}

const row = (page: Page, order: string) => page.locator(`tr[data-order="${order}"]`)

/** Scrolls to the end until it is the end of the list, as somebody would who holds the End key. */
async function scrollToEnd(page: Page): Promise<void> {
  for (let step = 0; (await row(page, last).count()) === 0; step++) {
    expect(step).toBeLessThan(orderCount)
    await page.evaluate(() => {
      window.scrollTo(0, document.documentElement.scrollHeight)
      return new Promise(requestAnimationFrame)
    })
  }
}

const title = `a list of ${orderCount} orders loads as one scrolls, renders what is in the window, and is as it was after Back`
test(title, { timeout: 300_000 }, async ({ browser }) => {
  const desk = await openDeskAs(browser, server.url, server.ada, '/orders?sort=order')
  const { page } = desk
  let requests = 0
  page.on('request', (request) => (requests += request.url().includes('/api/v1/orders?') ? 1 : 0))
  await row(page, numbered(0)).waitFor()
  await scrollToEnd(page)
  expect(await page.locator('table[aria-rowcount]').getAttribute('aria-rowcount')).toBe(String(orderCount + 1))
  expect(await row(page, last).getAttribute('aria-rowindex')).toBe(String(orderCount + 1))
  expect(await page.locator('tr[data-order]').count()).toBeLessThan(80)
  // Four pages lead to 800 orders, each further one has 500.
  expect(requests).toBeLessThanOrEqual(4 + Math.ceil((orderCount - 800) / 500))

  const before = await page.evaluate(() => window.scrollY)
  await row(page, last).getByRole('link').click()
  await page.getByRole('heading', { name: last }).waitFor()
  await desk.sees(`${orderCount.toLocaleString('en')} / ${orderCount.toLocaleString('en')}`)
  const loaded = requests
  await page.goBack()
  await row(page, last).waitFor()
  expect(await page.evaluate(() => window.scrollY)).toBe(before)
  expect(requests).toBe(loaded)

  // A new order comes first in this order of the list; it waits for the reader, who is at the other end. Showing it
  // leads to the beginning, and does not load the whole list again.
  await send([entered('ADDED-1')])
  await desk.press(/1 update/)
  await row(page, 'ADDED-1').waitFor()
  await expect.poll(() => requests).toBe(loaded + 4)
  expect(await page.evaluate(() => window.scrollY)).toBe(0)
  await scrollToEnd(page)
  expect(desk.errors).toEqual([])
})
