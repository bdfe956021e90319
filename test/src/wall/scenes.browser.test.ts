import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { discoveredBoard } from '../fixture/board-extremes.ts'
import { busyBoard, calmBoard } from '../fixture/board-fixture.ts'
import { openBrowser } from '../harness/browser.ts'
import { pageProblems } from '../harness/page-check.ts'
import { FixtureWall } from './fixture-wall.ts'

const sizes = [
  [1920, 1080],
  [3840, 2160],
  [5120, 1440],
  [1080, 1920],
  [1920, 1200],
  [1024, 768],
  [2560, 1080],
] as const
const scenes = [
  ['overview', '&scenes=overview', 24],
  ['focus', '&scenes=stageFocus', 24],
  ['andon', '&density=andon', 48],
] as const
const boards = [
  ['busy', 'zh', busyBoard('zh')],
  ['busy', 'en', busyBoard('en')],
  ['calm', 'en', calmBoard('en')],
  ['discovered', 'en', discoveredBoard()],
] as const

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(async () => {
  await browser.close()
})

describe.each(boards)('a %s board in %s', (_name, language, board) => {
  test.each(scenes)('can be read as %s on every panel', async (_scene, query, leastPx) => {
    await using wall = await FixtureWall.open(browser, { board }, `${query}&reducedMotion&lang=${language}`)
    await wall.page.evaluate(() => document.fonts.ready)
    await expectReadable(wall.page, leastPx)
  })
})

describe.each(['zh', 'en'] as const)('a cut line in %s', (language) => {
  test.each(scenes)('can be read over %s on every panel', async (_scene, query, leastPx) => {
    const options = `${query}&reducedMotion&lang=${language}&contact=IT 8866`
    await using wall = await FixtureWall.open(browser, { board: busyBoard(language) }, options)
    await wall.page.clock.install()
    await wall.show(options)
    // What this page showed before it was loaded anew is not yet the server's word.
    await wall.page.getByText(/^(Live|实时)/).waitFor({ state: 'attached' })
    wall.server.fallSilent()
    await wall.page.clock.fastForward(20_000)
    await wall.page.locator('.cut-bar').waitFor()
    expect(await wall.page.locator('.cut-bar').innerText()).toContain('IT 8866')
    await expectReadable(wall.page, leastPx)
  })
})

async function expectReadable(page: Page, leastPx: number): Promise<void> {
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height })
    const unitPx = Math.min(Math.max(width, height) / 1920, Math.min(width, height) / 1080)
    // A resized window tells its page with the next frame.
    const shownUnit = () => page.evaluate(() => document.documentElement.style.getPropertyValue('--u'))
    await expect.poll(shownUnit, { interval: 20 }).toBe(`${unitPx}px`)
    await expect.poll(() => pageProblems(page, leastPx), { message: `${width} × ${height}` }).toEqual([])
  }
}
