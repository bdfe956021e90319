import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { busyBoard, calmBoard } from '../fixture/board-fixture.ts'
import { openBrowser } from '../harness/browser.ts'
import { FixtureWall } from './fixture-wall.ts'

/** An instant that no clock can show. */
const noDate = 8_700_000_000_000_000
const hero = '.kpi--hero .kpi__value'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(async () => {
  await browser.close()
})

/** Marks the page that is loaded now. */
async function mark(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => Object.assign(window, { loadedOnce: true }))
  return () => page.evaluate(() => 'loadedOnce' in window)
}

describe('a wall that looks after itself', () => {
  test('loads itself anew for a new build, once', async () => {
    await using wall = await FixtureWall.open(browser, { board: busyBoard('en') })
    await wall.page.addInitScript(() => (Math.random = () => 0))
    await wall.show('')
    await wall.page.locator(hero).waitFor()
    const first = await mark(wall.page)
    const reloaded = wall.page.waitForEvent('load')
    wall.server.announceBuild('wall-other.js')
    await reloaded
    expect(await first()).toBe(false)

    // The server still serves the old script: asking again would be a loop.
    const second = await mark(wall.page)
    const pulses = wall.page.waitForEvent('console', {
      predicate: (message) => message.text() === 'three pulses later',
    })
    await wall.page.evaluate(() => setTimeout(() => console.log('three pulses later'), 6_500))
    await pulses
    expect(await second()).toBe(true)
  })

  test('stays as it is for a new build while its page cannot be fetched', async () => {
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

  test('shows its last picture with its age after a reload, until the server has answered', async () => {
    await using wall = await FixtureWall.open(browser, { board: busyBoard('en') })
    await wall.page.locator(hero).waitFor()
    wall.server.fallSilent()
    await wall.page.reload()
    await wall.page.locator(hero).waitFor()
    expect(await wall.page.locator(hero).innerText()).toBe('37')
    expect(await wall.page.locator('.freshness').innerText()).toMatch(/^Picture from \d s ago$/)
  })

  test('keeps the last picture of a panel that cannot be drawn, and the other panels alive', async () => {
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

  test('shows the time of the server on a device whose clock is wrong, and says so', async () => {
    await using wall = await FixtureWall.open(browser, { board: busyBoard('en') })
    expect(await wall.page.locator('.header__note').count()).toBe(0)
    await wall.page.evaluate(() => {
      const before = Date.now
      Date.now = () => before() + 190_000
    })
    await wall.page.locator('.header__note').waitFor()
    expect(await wall.page.locator('.header__note').innerText()).toContain('device clock 3 min fast')
    expect(await wall.page.locator('.header__clock').innerText()).toBe('14:26')
  })

  test(
    'that breaks is loaded anew, and shows six plain numbers when that does not help',
    { timeout: 90_000 },
    async () => {
      const board = busyBoard('en')
      await using wall = await FixtureWall.open(browser, { board })
      const { page } = wall
      await page.clock.install()
      await wall.show('')
      await page.locator(hero).waitFor()
      // The header stands outside of every panel: what it cannot draw takes the whole page with it.
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
