import { screenSettings } from '@stagewatch/shared/contract/screen.ts'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { busyBoard, calmBoard } from '../fixture/board-fixture.ts'
import { test } from '../harness/browser-test.ts'
import { FixtureWall } from './fixture-wall.ts'

/** An instant outside of the range of dates. */
const noDate = 8_700_000_000_000_000
const hero = '.kpi--hero .kpi__value'

/** The text color of the theme, and the colors of a chart's lines. */
async function lineColours(page: Page): Promise<{ text: string; lines: string[] }> {
  return page.evaluate(() => ({
    text: getComputedStyle(document.documentElement).getPropertyValue('--text').trim(),
    lines: [...document.querySelectorAll('.sparkline svg path')].map((path) => path.getAttribute('stroke') ?? ''),
  }))
}

/** Marks the loaded page, to detect a reload. */
async function mark(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => Object.assign(window, { loadedOnce: true }))
  return () => page.evaluate(() => 'loadedOnce' in window)
}

/** Blocks storage as a browser does that blocks cookies. */
function blockStorage(): void {
  for (const name of ['localStorage', 'sessionStorage']) {
    Object.defineProperty(window, name, {
      get() {
        throw new DOMException('access is denied', 'SecurityError')
      },
    })
  }
}

describe('an unattended wall', () => {
  test('reloads once for a new build', async ({ browser }) => {
    await using wall = await FixtureWall.open(browser, { board: busyBoard('en') })
    await wall.page.addInitScript(() => (Math.random = () => 0))
    await wall.show('')
    await wall.page.locator(hero).waitFor()
    const first = await mark(wall.page)
    const reloaded = wall.page.waitForEvent('load')
    wall.server.announceBuild('wall-other.js')
    await reloaded
    expect(await first()).toBe(false)

    // The server still serves the old script: reloading again would be a loop.
    const second = await mark(wall.page)
    const heartbeats = wall.page.waitForEvent('console', {
      predicate: (message) => message.text() === 'three pulses later',
    })
    await wall.page.evaluate(() => setTimeout(() => console.log('three pulses later'), 6_500))
    await heartbeats
    expect(await second()).toBe(true)
  })

  test('stays as it is for a new build while its page cannot be fetched', async ({ browser }) => {
    await using wall = await FixtureWall.open(browser, { board: busyBoard('en') })
    await wall.page.addInitScript(() => (Math.random = () => 0))
    await wall.show('')
    const same = await mark(wall.page)
    await wall.page.route('**/assets/wall-*.js', (route) => route.fulfill({ status: 503 }))
    const asked = wall.page.waitForEvent('requestfinished', (request) => request.url().includes('/assets/wall-'))
    wall.server.announceBuild('wall-other.js')
    await asked
    expect(await same()).toBe(true)
    expect(await wall.page.locator(hero).innerText()).toBe('37')
  })

  test('stays as it is while a proxy answers for its server with a page of its own', async ({ browser }) => {
    await using wall = await FixtureWall.open(browser, { board: busyBoard('en') })
    await wall.page.addInitScript(() => (Math.random = () => 0))
    await wall.show('')
    const same = await mark(wall.page)
    const maintenance = '<!doctype html><title>Maintenance</title><p>Back soon'
    await wall.page.route('**/wall?*', (route) => route.fulfill({ contentType: 'text/html', body: maintenance }))
    const asked = wall.page.waitForResponse(/\/wall\?/)
    wall.server.announceBuild('wall-other.js')
    await (await asked).finished()
    // It requests the page again at the next heartbeat, which shows that it has evaluated this version.
    await wall.page.waitForResponse(/\/wall\?/)
    expect(await same()).toBe(true)
  })

  test('shows its last picture with its age after a reload, until the server has answered', async ({ browser }) => {
    await using wall = await FixtureWall.open(browser, { board: busyBoard('en') })
    await wall.page.locator(hero).waitFor()
    wall.server.fallSilent()
    await wall.page.reload()
    await wall.page.locator(hero).waitFor()
    expect(await wall.page.locator(hero).innerText()).toBe('37')
    expect(await wall.page.locator('.freshness').innerText()).toMatch(/^Data from \d s ago$/)
  })

  test('does so as well where the browser blocks storage', async ({ browser }) => {
    await using wall = await FixtureWall.open(browser, { board: busyBoard('en') })
    await wall.page.addInitScript(blockStorage)
    await wall.page.addInitScript(() => (Math.random = () => 0))
    await wall.show('')
    await wall.page.locator(hero).waitFor()
    const first = await mark(wall.page)
    const reloaded = wall.page.waitForEvent('load')
    wall.server.announceBuild('wall-other.js')
    await reloaded
    expect(await first()).toBe(false)
    // Writes of an unloading page are lost: what counts is the state stored in the last ten seconds.
    await wall.page.waitForFunction(() => JSON.stringify(history.state).includes('stagewatch.board'))
    wall.server.fallSilent()
    await wall.page.reload()
    await wall.page.locator(hero).waitFor()
    expect(await wall.page.locator('.freshness').innerText()).toMatch(/^Data from \d+ s ago$/)
  })

  test('keeps the last picture of a panel that cannot be drawn, and the other panels alive', async ({ browser }) => {
    const board = calmBoard('en')
    await using wall = await FixtureWall.open(browser, { board })
    const { kpis, heatmap } = board
    const broken = { ...heatmap, marks: [noDate] }
    wall.server.change({ ...board, kpis: { ...kpis, stalled: { count: 4 } }, heatmap: broken })
    await wall.page.locator('.panel-failed').waitFor()
    expect(await wall.page.locator('.panel-failed').innerText()).toBe('Not updated since 14:26 · server error')
    expect(await wall.page.locator('.matrix .strip__name').count()).toBe(10)
    expect(await wall.page.locator('.kpi-band').innerText()).toContain('4')
    wall.server.change({ ...board, kpis: { ...kpis, stalled: { count: 5 } } })
    await wall.page.locator('.panel-failed').waitFor({ state: 'detached' })
  })

  test('draws everything in the colours of a theme that it is given while it runs', async ({ browser }) => {
    const board = busyBoard('en')
    const settings = screenSettings.parse({ language: 'en', scenes: ['overview'], offShift: 'on' })
    const self = { id: 's', name: 'Hall', site: board.site.code, settings }
    await using wall = await FixtureWall.open(browser, { board })
    await wall.page.evaluate(
      (pass) => localStorage.setItem('stagewatch.screen', pass),
      JSON.stringify({ token: 't', self }),
    )
    await wall.show('')
    // The stored board is shown until the connection is live.
    await wall.page.getByText(/^Live/).waitFor()
    const dark = await lineColours(wall.page)
    expect(dark.lines).toContain(dark.text)
    wall.server.setUp({ ...self, settings: { ...settings, theme: 'day' } })
    await wall.page.locator('html[data-theme=day]').waitFor()
    await expect.poll(async () => (await lineColours(wall.page)).lines).not.toContain(dark.text)
    const day = await lineColours(wall.page)
    expect(day.text).not.toBe(dark.text)
    expect(day.lines).toContain(day.text)
  })

  test('does not present old data as live after the device was asleep', async ({ browser }) => {
    await using wall = await FixtureWall.open(browser, { board: busyBoard('en') })
    await wall.page.locator(hero).waitFor()
    wall.server.fallSilent()
    expect(await wall.page.locator('.stage--lost').count()).toBe(0)
    await wall.page.evaluate(() => {
      const before = Date.now
      Date.now = () => before() + 3_600_000
    })
    // Missing heartbeats alone are only noticed after fifteen seconds.
    await wall.page.locator('.stage--lost').waitFor({ timeout: 3_000 })
  })

  test('shows the time of the server on a device whose clock is wrong, and says so', async ({ browser }) => {
    await using wall = await FixtureWall.open(browser, { board: busyBoard('en') })
    expect(await wall.page.locator('.header__note').count()).toBe(0)
    await wall.page.evaluate(() => {
      const before = Date.now
      Date.now = () => before() + 190_000
    })
    await wall.page.locator('.header__note').waitFor()
    expect(await wall.page.locator('.header__note').innerText()).toContain('device and server clocks 3 min apart')
    expect(await wall.page.locator('.header__clock').innerText()).toBe('14:26')
  })

  test.for(['kept', 'blocked'] as const)(
    'that crashes is reloaded, and shows six plain numbers if that does not help, with storage %s',
    { timeout: 90_000 },
    async ([storage], { browser }) => {
      const board = busyBoard('en')
      await using wall = await FixtureWall.open(browser, { board })
      const { page } = wall
      if (storage === 'blocked') await page.addInitScript(blockStorage)
      await page.clock.install()
      await wall.show('')
      await page.locator(hero).waitFor()
      // The header is outside of every panel, so an error while rendering it breaks the whole page.
      wall.server.change({ ...board, site: { ...board.site, timeZone: 'Nowhere' } })
      await page.locator('.stage').waitFor({ state: 'detached' })
      for (let reload = 1; reload <= 3; reload++) {
        const loaded = page.waitForEvent('load')
        await page.clock.fastForward(62_000)
        await loaded
        expect(new URL(page.url()).pathname).toBe('/wall')
      }
      const simple = page.waitForURL('**/fallback.html*')
      await page.clock.fastForward(62_000)
      await simple
      const numbers = page.locator('#numbers p')
      await expect.poll(() => numbers.count()).toBe(6)
      expect(await numbers.first().innerText()).toContain('37')
      expect(await page.locator('#age').innerText()).toMatch(/\d s ago/)

      wall.server.change(board)
      const back = page.waitForURL('**/wall*')
      await page.clock.fastForward(620_000)
      await back
      await page.locator(hero).waitFor()
    },
  )
})
