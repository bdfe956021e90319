import type { Browser } from 'playwright-core'
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
    for (const [width, height] of sizes) {
      await wall.page.setViewportSize({ width, height })
      await wall.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
      expect(await pageProblems(wall.page, leastPx), `${width} × ${height}`).toEqual([])
    }
  })
})
