import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { pino } from 'pino'
import type { Page } from 'playwright-core'
import { afterAll, expect } from 'vitest'
import { test } from '../harness/browser-test.ts'
import { cuttable } from '../harness/cuttable-database.ts'
import type { CuttableDatabase } from '../harness/cuttable-database.ts'
import { SettableClock } from '../harness/settable-clock.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { openWall } from './wall-page.ts'
import type { WallPage } from './wall-page.ts'
import { isNight } from '../harness/skip.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Maximum time until a correction of the clock is reflected. */
const followedWithinMs = 10_000
const outageMs = isNight ? 180_000 : 0

const clock = new SettableClock()
let database: CuttableDatabase
let server: StartedServer
let wall: WallPage
let key: string
let sent = 0
const logged: string[] = []

test.beforeAll(async ({ browser }) => {
  database = cuttable(await openTestDatabase())
  const logger = pino({ level: 'warn' }, { write: (line) => void logged.push(line) })
  server = await startServer({ clock, database, logger })
  key = await server.createKey(['ingest'])
  const pipeline = await server.server.sites.get('main')
  const name = { zh: '包装', en: 'Packing' }
  const stage = { code: 'packing', name, targetMs: 4 * hourMs, warnAtRatio: 0.9, toleranceRatio: 0.1 }
  await pipeline.saveProcess({ code: 'default', name, stages: [stage], acceptsNewStages: false, goals: {} })
  wall = await openWall(browser, server.url, 'main')
})

afterAll(async () => {
  await server.close()
  await database.close()
})

async function sendOrders(count: number): Promise<{ status: number; accepted?: number }> {
  const events = Array.from({ length: count }, () => {
    sent += 1
    const occurredAt = new Date(clock.now()).toISOString()
    return { source: 'wms', id: `e${sent}`, type: 'stage.entered', order: `SO-${sent}`, stage: 'packing', occurredAt }
  })
  const reply = await fetch(`${server.url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events }),
  })
  const { accepted } = (await reply.json()) as { accepted?: number }
  return { status: reply.status, ...(accepted !== undefined && { accepted }) }
}

/** Records everything the wall shows about its age and about clocks from now on. */
async function listenTo(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const said = new Set<string>()
    const look = (): void => {
      for (const part of document.querySelectorAll('.freshness, .disconnected-banner__title, .header__note')) {
        said.add(part.textContent)
      }
    }
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
    look()
    Object.assign(window, { said })
  })
  return () => page.evaluate(() => [...(window as unknown as { said: Set<string> }).said])
}

/** The date in the header of the wall. */
function shownDate(): Promise<string> {
  return wall.page.locator('.header__date').innerText()
}

async function siteDate(): Promise<string> {
  const { site } = await server.server.sites.get('main')
  return new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: site.timeZone }).format(clock.now())
}

/** Sets the clock and waits until the wall reflects it. */
async function setClock(byMs: number, note: RegExp): Promise<void> {
  const heard = await listenTo(wall.page)
  clock.set(byMs)
  const { site } = await server.server.sites.get('main')
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: site.timeZone })
  // Compared anew each time, because a minute may begin meanwhile.
  const isFollowed = async () => (await wall.page.locator('.header__clock').innerText()) === time.format(clock.now())
  await expect.poll(isFollowed, { timeout: followedWithinMs }).toBe(true)
  await wall.page.locator('.header__note').getByText(note).waitFor({ timeout: followedWithinMs })
  const before = Number(await wall.openOrders())
  expect(await sendOrders(10)).toEqual({ status: 200, accepted: 10 })
  await expect.poll(() => wall.openOrders(), { timeout: followedWithinMs }).toBe(String(before + 10))
  const said = await heard()
  expect(said.some((text) => text.startsWith('Live'))).toBe(true)
  for (const text of said) expect(text).toMatch(/^Live|^server time jumped/)
}

test('walls follow a clock that is set back by an hour, back by 400 days, and forward', async () => {
  expect(await sendOrders(1)).toEqual({ status: 200, accepted: 1 })
  await setClock(-hourMs, /^server time jumped back 1 h/)
  expect(await (await fetch(`${server.url}/readyz`)).json()).toMatchObject({
    status: 'ok',
    clockStep: { byMs: expect.closeTo(-hourMs, -3) },
  })
  const entries = logged.map((line) => JSON.parse(line) as { readonly byMs?: number; readonly msg: string })
  expect(entries.filter(({ byMs }) => byMs !== undefined)).toEqual([
    expect.objectContaining({
      byMs: expect.closeTo(-hourMs, -3),
      msg: expect.stringContaining('clock of this machine'),
    }),
  ])
  await setClock(-400 * dayMs, /^server time jumped back 400 d/)
  expect(await wall.overdue()).toBe('0')
  await setClock(30 * dayMs, /^server time jumped ahead 30 d/)
  // Orders entered 30 days ago are overdue; the others are in the future or have just been entered.
  await expect.poll(() => wall.overdue(), { timeout: followedWithinMs }).toBe('10')
  await setClock(-30 * dayMs, /^server time jumped back 30 d/)
  await expect.poll(() => wall.overdue(), { timeout: followedWithinMs }).toBe('0')
  expect(await shownDate()).toContain((await siteDate()).split(' ')[0])
  await setClock(400 * dayMs + hourMs, /^server time jumped ahead 400 d/)
  const overdue = await server.createKey(['admin'])
  const doctor = await fetch(`${server.url}/api/v1/admin/doctor`, { headers: { authorization: `Bearer ${overdue}` } })
  expect(await doctor.json()).toMatchObject({
    checks: expect.arrayContaining([expect.objectContaining({ name: 'clock', ok: false })]),
  })
})

test(
  'every scene and the simple page report an unavailable database, and its return, within 15 s',
  async ({ browser }) => {
    const andon = await browser.newPage()
    await andon.goto(`${server.url}/wall?site=main&lang=zh&scenes=andon`)
    await andon.locator('.andon-cell, .scene--andon, main').first().waitFor()
    const simple = await browser.newPage()
    await simple.goto(`${server.url}/fallback.html?site=main&lang=en`)
    await simple.locator('#numbers p').first().waitFor()
    const before = await wall.openOrders()

    database.cut()
    const [cutAt, cutOn] = [performance.now(), clock.now()]
    const bar = wall.page.locator('.disconnected-banner')
    await bar.waitFor({ timeout: 15_000 })
    expect(await bar.innerText()).toMatch(/No new data for \d+ s/)
    expect(await bar.innerText()).toMatch(/Data as of .*Database unreachable/s)
    await andon
      .locator('.disconnected-banner')
      .getByText('数据中断')
      .waitFor({ timeout: 15_000 - (performance.now() - cutAt) })
    expect((await sendOrders(1)).status).toBe(503)
    // Other API responses do not claim to be current either.
    for (const path of ['stages/stats', 'stages/heatmap?metric=wip&rows=stage&columns=hour', 'orders']) {
      const { asOf } = (await (await fetch(`${server.url}/api/v1/${path}`)).json()) as { asOf: number }
      expect(asOf).toBeLessThanOrEqual(cutOn)
    }
    // A viewer that joins now is told as well.
    const late = await openWall(browser, server.url, 'main')
    await late.page.locator('.disconnected-banner').getByText('Database unreachable').waitFor({ timeout: 5_000 })
    await simple.locator('#age').getByText('Database unreachable').waitFor({ timeout: 15_000 })
    expect(await saidDuring(outageMs)).toEqual([])
    expect(await wall.openOrders()).toBe(before)

    database.mend()
    await bar.waitFor({ state: 'detached', timeout: 15_000 })
    await wall.page.locator('.freshness').getByText('Back').waitFor({ timeout: 5_000 })
    await andon.locator('.disconnected-banner').waitFor({ state: 'detached', timeout: 15_000 })
    await simple.locator('html:not(.stale)').waitFor({ state: 'attached', timeout: 15_000 })
    expect(await sendOrders(1)).toEqual({ status: 200, accepted: 1 })
    await expect.poll(() => wall.openOrders(), { timeout: 5_000 }).toBe(String(Number(before) + 1))
  },
  60_000 + outageMs,
)

/** What the wall shows during an outage, apart from the outage itself. */
async function saidDuring(ms: number): Promise<string[]> {
  const heard = await listenTo(wall.page)
  const until = (await wall.page.evaluate(() => performance.now())) + ms
  await wall.page.waitForFunction((end) => performance.now() >= end, until, { timeout: ms + 10_000 })
  return (await heard()).filter((text) => !text.startsWith('No new data for'))
}
