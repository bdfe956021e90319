import type { Board } from '@stagewatch/shared/contract/board.ts'
import { describe, expect } from 'vitest'
import { busyBoard, calmBoard } from '../fixture/board-fixture.ts'
import { test } from '../harness/browser-test.ts'
import { FixtureWall } from './fixture-wall.ts'

/** The board a moment later: another order of `stage` has just become overdue. */
function withBreach(board: Board, stage: string, now: number): Board {
  const [row] = Object.values(board.overdue.rows)
  return { ...board, newestBreach: { at: now, count: 1, row: { ...row!, order: 'SO-NEW', stage, dueAt: now } } }
}

describe('the scenes of a wall', () => {
  test('take turns, and leave nothing of the one before', async ({ browser }) => {
    await using wall = await FixtureWall.open(browser, { board: busyBoard('en') }, '&firstS=5&otherS=5')
    const { page } = wall
    expect(await page.locator('.ticks__tick').count()).toBe(2)
    await page.locator('main.scene--stageFocus').waitFor({ timeout: 10_000 })
    expect(await page.locator('.stage-title__name').innerText()).toBe('QC')
    await page.locator('.scene--overview').waitFor({ state: 'detached' })
    expect(await page.locator('.sparkline, .matrix__heat').count()).toBe(0)
    await page.locator('main.scene--overview').waitFor({ timeout: 10_000 })
  })

  test('give way to the stage of a critical breach, marked in the header', async ({ browser }) => {
    const board = busyBoard('en')
    await using wall = await FixtureWall.open(browser, { board }, '&firstS=3600')
    await wall.page.locator('main.scene--overview').waitFor()
    wall.server.change(withBreach(board, 'ship', wall.server.now()))
    await wall.page.locator('main.scene--stageFocus').waitFor()
    expect(await wall.page.locator('.stage-title__name').innerText()).toBe('Ship')
    expect(await wall.page.locator('main .newest__row--fresh').count()).toBe(1)
    expect(await wall.page.locator('.header__hold').innerText()).toMatch(/^Critical · staying (4:5\d|5:00)$/)
  })

  test('keep their stage while it is read, and choose the worst one anew with the next turn', async ({ browser }) => {
    const board = busyBoard('en')
    await using wall = await FixtureWall.open(browser, { board }, '&scenes=stageFocus&firstS=5')
    const name = wall.page.locator('.stage-title__name')
    expect(await name.innerText()).toBe('QC')
    wall.server.change({ ...board, bottleneck: 'ship', stages: { ...board.stages } })
    await wall.page.locator('.kpi').first().waitFor()
    expect(await name.innerText()).toBe('QC')
    await expect.poll(() => name.innerText(), { timeout: 10_000 }).toBe('Ship')
  })

  test('list the orders of the stage in focus, also when the worst of the site are all elsewhere', async ({
    browser,
  }) => {
    const board = busyBoard('en')
    const rows = Object.entries(board.overdue.rows).filter(([, { stage }]) => stage === 'purchase')
    const overdue = { ...board.overdue, order: rows.map(([order]) => order), rows: Object.fromEntries(rows) }
    await using wall = await FixtureWall.open(browser, { board: { ...board, overdue } }, '&scenes=stageFocus')
    expect(await wall.page.locator('.focus-list .row').count()).toBe(5)
    expect(await wall.page.locator('.ageing__key').allInnerTexts()).toContain('On track 35')
  })

  test('do not give way to a breach that the plant can bear', async ({ browser }) => {
    const board = calmBoard('en')
    await using wall = await FixtureWall.open(browser, { board }, '&firstS=3600')
    wall.server.change(withBreach(board, 'ship', wall.server.now()))
    await wall.page.locator('.newest__row').waitFor()
    expect(await wall.page.locator('main.scene--overview').count()).toBe(1)
    expect(await wall.page.locator('.header__hold').count()).toBe(0)
  })

  test('are only the andon scene for people far away', async ({ browser }) => {
    await using wall = await FixtureWall.open(browser, { board: busyBoard('en') }, '&density=andon')
    expect(await wall.page.locator('.andon-cell').count()).toBe(10)
    expect(await wall.page.locator('.ticks').count()).toBe(0)
  })
})

describe('outside of working time', () => {
  const { newestBreach: _, ...quiet } = busyBoard('en')
  const resting: Board = { ...quiet, offShift: true }

  test('a wall is dimmed, until an order turns overdue even then', async ({ browser }) => {
    await using wall = await FixtureWall.open(browser, { board: resting })
    const stage = wall.page.locator('.stage')
    expect(await stage.evaluate((element) => getComputedStyle(element).opacity)).toBe('0.35')
    wall.server.change(withBreach(resting, 'transit', wall.server.now()))
    await expect.poll(() => stage.evaluate((element) => getComputedStyle(element).opacity)).toBe('1')
  })

  test('it shows its numbers only, or nothing, where the settings say so', async ({ browser }) => {
    await using wall = await FixtureWall.open(browser, { board: resting }, '&offShift=kpi')
    expect(await wall.page.locator('.kpi-band').count()).toBe(1)
    expect(await wall.page.locator('.matrix, .list').count()).toBe(0)
    await wall.show('&offShift=blank')
    expect(await wall.page.locator('.kpi-band').isVisible()).toBe(false)
    wall.server.change({ ...resting, offShift: false })
    await expect.poll(() => wall.page.locator('.kpi-band').isVisible()).toBe(true)
  })
})

describe('the look of a wall', () => {
  test('is light where its settings say day, and still where they say reduced motion', async ({ browser }) => {
    await using wall = await FixtureWall.open(browser, { board: busyBoard('en') }, '&theme=day&reducedMotion')
    const style = await wall.page.evaluate(() => {
      const { backgroundColor } = getComputedStyle(document.documentElement)
      const fades = getComputedStyle(document.querySelector('.matrix')!).animationDuration
      return { backgroundColor, fades }
    })
    expect(style).toEqual({ backgroundColor: 'rgb(217, 222, 227)', fades: '0s' })
  })

  test('says that names are masked', async ({ browser }) => {
    const privacy = { customers: 'masked', amounts: 'shown', people: 'shown' } as const
    await using wall = await FixtureWall.open(browser, { board: { ...busyBoard('en'), privacy } })
    expect(await wall.page.locator('.header').innerText()).toContain('Masked')
  })
})
