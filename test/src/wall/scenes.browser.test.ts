import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { discoveredBoard, oldBoard, unlimitedBoard, worldBoard } from '../fixture/board-extremes.ts'
import { busyBoard, calmBoard } from '../fixture/board-fixture.ts'
import { test as browserTest } from '../harness/browser-test.ts'
import { pageProblems } from '../harness/page-check.ts'
import { FixtureWall } from './fixture-wall.ts'
import { isInTurn, isNight } from '../harness/skip.ts'

const sizes = [
  [1920, 1080, 'wide'],
  [3840, 2160, 'wide'],
  [5120, 1440, 'ultra'],
  [1080, 1920, 'portrait'],
  [1920, 1200, 'tall'],
  [1024, 768, 'tall'],
  [2560, 1080, 'wide'],
] as const
const scenes = [
  ['overview', '&scenes=overview', 24],
  ['focus', '&scenes=stageFocus', 24],
  ['andon', '&density=andon', 48],
] as const
const boards = (
  [
    ['busy', 'zh', busyBoard('zh')],
    ['busy', 'en', busyBoard('en')],
    ['calm', 'en', calmBoard('en')],
    ['discovered', 'en', discoveredBoard()],
    ['unlimited', 'zh', unlimitedBoard('zh')],
    ['old', 'en', oldBoard('en')],
    ['many-scripted', 'en', worldBoard()],
  ] as const
).filter(([name]) => isNight || !['calm', 'old'].includes(name))

/** One page for many boards: a new one loads the scripts and the Chinese font again, which takes most of a test. */
const test = browserTest.extend('wall', { scope: 'file' }, async ({ browser }, { onCleanup }) => {
  const wall = await FixtureWall.open(browser, { board: busyBoard('en') }, '&scenes=overview', 'all')
  onCleanup(() => wall[Symbol.asyncDispose]())
  // Otherwise a page starts with the state that the previous one stored.
  await wall.page.addInitScript(() => {
    localStorage.clear()
    sessionStorage.clear()
  })
  return wall
})

async function show(wall: FixtureWall, board: Board, query: string): Promise<void> {
  await wall.page.setViewportSize({ width: 1920, height: 1080 })
  wall.server.changeUnheard(board)
  await wall.show(query)
}

describe.each(boards)('a %s board in %s', (name, language, board) => {
  test.for(scenes)('can be read as %s on every panel', async ([scene, query, leastPx], { wall }) => {
    await show(wall, board, `${query}&reducedMotion&lang=${language}`)
    await wall.page.evaluate(() => document.fonts.ready)
    const place = boards.findIndex(([one, spoken]) => one === name && spoken === language)
    await expectReadable(wall.page, leastPx, place + scenes.findIndex(([one]) => one === scene))
  })
})

describe('a wall without limits', () => {
  test('says so, and shows neither a zero nor a share without a limit', async ({ wall }) => {
    await show(wall, unlimitedBoard('en'), '&scenes=overview')
    const { page } = wall
    expect(await page.locator('.kpi--hero').innerText()).toMatch(/^Overdue orders\s+—\s+no limits set$/)
    expect(await page.locator('.matrix__title').first().innerText()).toBe('Stage load')
    expect(await page.locator('.list').innerText()).toContain('stagewatch process set')
    expect(await page.locator('.list').innerText()).not.toContain('Nothing overdue')
    expect(await page.locator('.strip__cell--overdue').allInnerTexts()).toEqual(Array(10).fill('—'))
    expect(new Set(await page.locator('.matrix__heat svg text').allTextContents())).toEqual(new Set(['—']))
    await wall.show('&density=andon')
    expect(await page.locator('.andon-cell__overdue').allInnerTexts()).toEqual(Array(10).fill('—'))
    expect(await page.locator('.andon-number__value').allInnerTexts()).toEqual(['—', '—', '—', '88.6\n%'])
    expect(await page.locator('.andon-rows').innerText()).toBe('No limits set')
  })

  test('in some stages names them, and shows the numbers of the others', async ({ wall }) => {
    await show(wall, unlimitedBoard('en', ['qc']), '&scenes=overview')
    expect(await wall.page.locator('.kpi--hero .kpi__value').innerText()).toBe('0')
    expect(await wall.page.locator('.kpi--hero .kpi__sub').innerText()).toBe('1 stage without a limit')
    expect(await wall.page.locator('.matrix__title').first().innerText()).toContain('no limit: QC')
    expect(await wall.page.locator('.list').innerText()).toContain('Nothing overdue where limits are set')
    const overdue = await wall.page.locator('.strip__cell--overdue').allInnerTexts()
    expect(overdue.filter((text) => text === '—')).toHaveLength(1)
    expect(await wall.page.locator('.legend').innerText()).toContain('no limit')
  })
})

describe('a wall whose data ended long ago', () => {
  test.for(scenes)('says so in %s, with its age', async ([scene, query], { wall }) => {
    await show(wall, oldBoard('en'), query)
    expect(await wall.page.locator('.header').innerText()).toContain('Data ends 16 Dec 2024')
    if (scene === 'andon') return
    const hint = await wall.page.locator('.old-data').innerText()
    expect(hint).toContain('No events since 16 Dec 2024, 540 days ago')
    expect(hint).toContain('stagewatch replay FILE --shift-to-now')
    for (const [width, height] of sizes) {
      await wall.page.setViewportSize({ width, height })
      const overlapPx = () =>
        wall.page.evaluate(() => {
          const rows = [...document.querySelectorAll('.panel .row')].map((row) => row.getBoundingClientRect().bottom)
          const hintTop = document.querySelector('.old-data')?.getBoundingClientRect().top ?? 0
          return Math.max(...rows) - hintTop
        })
      await expect.poll(overlapPx, { message: `${width} × ${height}` }).toBeLessThan(1)
    }
  })
})

/** The rows of a chart's table, including its header. */
function tableOf(page: Page, chart: string): Promise<string[][]> {
  return page
    .locator(`${chart} tr`)
    .evaluateAll((rows) =>
      rows.map((row) => [...(row as HTMLTableRowElement).cells].map(({ textContent }) => textContent)),
    )
}

describe('the charts of a wall', () => {
  test('show in the overview what their tables say, each cell below its stage', async ({ wall }) => {
    await show(wall, busyBoard('en'), '&scenes=overview&reducedMotion')
    const { page } = wall
    const [stages = [], now, ...hours] = await tableOf(page, '.matrix__heat')
    expect(stages.slice(1)).toEqual(await page.locator('.strip__name').allTextContents())
    expect(now).toEqual(['Now', '0', '12', '7', '6', '3', '25', '0', '14', '2', '0'])
    expect(hours.map(([time]) => time)).toEqual(['14:00', '13:00', '12:00', '11:00', '10:00', '09:00'])
    expect(hours[4]).toEqual(['10:00', '0', '5', '9', '0', '3', '11', '0', '13', 'no data', '5'])
    const drawn = [now, ...hours].flatMap((row = []) => row.slice(1)).filter((text) => text !== 'no data')
    expect(await page.locator('.matrix__heat svg text').allTextContents()).toEqual(drawn)
    expect(await page.locator('.matrix__heat .heat-missing').count()).toBe(70 - drawn.length)
    const middles = (elements: readonly Element[]) =>
      elements.map((element) => {
        const { left, right } = element.getBoundingClientRect()
        return (left + right) / 2
      })
    const cells = await page.locator('.matrix__heat svg text').evaluateAll(middles)
    for (const [column, middle] of (await page.locator('.strip__cell--name').evaluateAll(middles)).entries()) {
      expect(Math.abs(cells[column]! - middle)).toBeLessThan(1)
    }
    expect((await tableOf(page, '.sparkline')).length).toBeGreaterThan(20)
  })

  test('show in the focus scene what their tables say', async ({ wall }) => {
    await show(wall, busyBoard('en'), '&scenes=stageFocus&reducedMotion')
    const { page } = wall
    const [hours = [], open = [], overdue = []] = await tableOf(page, '.hours__bars')
    expect([hours.at(-1), open.at(-1), overdue.at(-1)]).toEqual(['Now', '57', '14'])
    expect(await page.locator('.hours__bars svg text').allTextContents()).toEqual(open.slice(1))
    expect((await tableOf(page, '.hours__heat'))[1]?.at(-1)).toBe('25')
    const [states = [], ...bins] = await tableOf(page, '.ageing__marks')
    expect(states.slice(1)).toEqual(['On track', 'At risk', 'Overdue', 'Stalled'])
    const sums = [1, 2, 3, 4].map((state) => bins.reduce((sum, bin) => sum + Number(bin[state]), 0))
    expect(sums).toEqual([35, 8, 10, 4])
    expect(await page.locator('.ageing__marks svg text').allTextContents()).toEqual([
      '+2',
      '+2',
      '+2',
      '+2',
      '+2',
      '+3',
    ])
  })
})

test('forced colors keep the meaning of colors visible', async ({ browser }) => {
  await using wall = await FixtureWall.open(browser, { board: busyBoard('en') }, '&scenes=overview&reducedMotion')
  const colours = () =>
    wall.page.evaluate(() =>
      [...document.querySelectorAll('.legend__swatch, .bullet__bar, .bullet__tick')].map(
        (element) => getComputedStyle(element).backgroundColor,
      ),
    )
  // Reads everything at once: the chart may redraw at any time, and a removed element has no color.
  const cells = () =>
    wall.page.evaluate(() =>
      [...document.querySelectorAll('.matrix__heat svg text')].map((text) => getComputedStyle(text).fill),
    )
  const usual = await colours()
  const usualCells = await cells()
  expect(new Set(usualCells).size).toBe(5)
  await wall.page.emulateMedia({ forcedColors: 'active' })
  expect(await colours()).toEqual(usual)
  expect(await cells()).toEqual(usualCells)
  // Bar, tick, and six heat classes, one of which is hatched instead of colored.
  expect(new Set(usual).size).toBe(9)
  expect(await wall.page.locator('.kpi__value').first().isVisible()).toBe(true)
})

test.for(scenes)('forced colors leave no symbol of %s in a color of the theme', async ([, query], { browser }) => {
  await using wall = await FixtureWall.open(browser, { board: busyBoard('en') }, `${query}&reducedMotion`)
  await wall.page.emulateMedia({ forcedColors: 'active' })
  const symbols = () =>
    wall.page.evaluate(() => {
      const ink = getComputedStyle(document.body).color
      const shown = [...document.querySelectorAll('.glyph, .icon')]
      return { count: shown.length, others: shown.filter((symbol) => getComputedStyle(symbol).color !== ink).length }
    })
  await expect.poll(symbols).toEqual({ count: expect.toSatisfy((count: number) => count > 5), others: 0 })
})

describe.each(['zh', 'en'] as const)('a lost connection in %s', (language) => {
  test.for(scenes)('can be read over %s on every panel', async ([scene, query, leastPx], { browser }) => {
    const options = `${query}&reducedMotion&lang=${language}&contact=IT 8866`
    await using wall = await FixtureWall.open(browser, { board: busyBoard(language) }, options, 'all', (page) =>
      page.clock.install(),
    )
    await wall.page.getByText(/^(Live|实时)/).waitFor({ state: 'attached' })
    wall.server.fallSilent()
    await wall.page.clock.fastForward(20_000)
    await wall.page.locator('.disconnected-banner').waitFor()
    expect(await wall.page.locator('.disconnected-banner').innerText()).toContain('IT 8866')
    await expectReadable(wall.page, leastPx, Number(language === 'en') + scenes.findIndex(([one]) => one === scene))
  })
})

/** By day every second panel is checked, starting with another one for the next board and scene. */
async function expectReadable(page: Page, leastPx: number, turn: number): Promise<void> {
  for (const [width, height, layout] of sizes.filter((_, place) => isInTurn(place, turn))) {
    await page.setViewportSize({ width, height })
    const unitPx = Math.min(Math.max(width, height) / 1920, Math.min(width, height) / 1080)
    // A resized window notifies its page in the next frame. Some sizes have the same unit and differ in layout only.
    const shown = () =>
      page.evaluate(() => {
        const { style, dataset } = document.documentElement
        return [innerWidth, innerHeight, style.getPropertyValue('--u'), dataset['layout']]
      })
    await expect.poll(shown, { interval: 20 }).toEqual([width, height, `${unitPx}px`, layout])
    await expect.poll(() => pageProblems(page, leastPx), { message: `${width} × ${height}` }).toEqual([])
  }
}
