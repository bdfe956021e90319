import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { Page } from 'playwright-core'
import { afterEach, describe, expect } from 'vitest'
import { busyBoard } from '../fixture/board-fixture.ts'
import { BoardServer } from '../fixture/board-server.ts'
import { test } from '../harness/browser-test.ts'
import { blockChineseFace } from './wall-page.ts'

let page: Page
let server: BoardServer
let url: string
const errors: string[] = []

test.beforeEach(async ({ browser }) => {
  errors.length = 0
  server = new BoardServer({ board: busyBoard('en') })
  url = await server.run()
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  await blockChineseFace(page)
  page.on('pageerror', (error) => errors.push(String(error)))
  await page.goto(`${url}/wall?site=sample&lang=en&scenes=overview`)
  await expect.poll(hero).toBe('37')
})

afterEach(async () => {
  await page.close()
  await server.close()
  if (errors.length > 0) throw new Error(errors.join('\n'))
})

describe('the wall', () => {
  test('follows the deltas of its board', async () => {
    const { joinCount } = server
    server.change(withOverdue(38))
    await expect.poll(hero).toBe('38')
    server.change(withOverdue(36))
    await expect.poll(hero).toBe('36')
    expect(server.joinCount).toBe(joinCount)
  })

  test('requests the board again when a delta was lost and the next one does not follow', async () => {
    const { joinCount } = server
    server.changeUnheard(withOverdue(40))
    server.change(withOverdue(41))
    await expect.poll(hero).toBe('41')
    expect(server.joinCount).toBe(joinCount + 1)
  })

  test('requests the board again when only the heartbeat reveals that a delta was lost', async () => {
    const { joinCount } = server
    server.changeUnheard(withOverdue(42))
    await expect.poll(hero).toBe('42')
    expect(server.joinCount).toBe(joinCount + 1)
  })

  test('asks for no more frames than its charts need, since each would move every running animation', async () => {
    await page.addInitScript(() => {
      const counted = { frames: 0 }
      const ask = globalThis.requestAnimationFrame.bind(globalThis)
      Object.assign(globalThis, {
        counted,
        askUncounted: ask,
        requestAnimationFrame: (callback: FrameRequestCallback) => ((counted.frames += 1), ask(callback)),
      })
    })
    await page.reload()
    await expect.poll(hero).toBe('37')
    await afterFrames(40)
    const before = await page.evaluate<number>('counted.frames')
    const next = withOverdue(38)
    server.change({ ...next, trend: { ...next.trend, today: [...next.trend.today.slice(0, -1), 90] } })
    await expect.poll(hero).toBe('38')
    // Charts are drawn within a second.
    await afterFrames(100)
    const frames = (await page.evaluate<number>('counted.frames')) - before
    expect(frames).toBeLessThan(6)
  })

  test('survives messages that make no sense', async () => {
    server.sendGarbage()
    server.change(withOverdue(39))
    await expect.poll(hero).toBe('39')
  })

  test('shows a new breach at the foot of the list, and asks for a look once', async () => {
    const board = busyBoard('en')
    const row = board.overdue.rows['SO-2606-1003']
    if (row === undefined) throw new Error('the fixture has no such row')
    server.change({ ...board, newestBreach: { at: server.now(), count: 1, row: { ...row, dueAt: server.now() } } })
    const slot = page.locator('.newest__row')
    await slot.getByText('Customer 1003').waitFor()
    expect(await slot.getAttribute('class')).toContain('newest__row--fresh')
  })

  test('lets an order calm down that somebody has acknowledged', async () => {
    const board = busyBoard('en')
    const [order = '', row] = Object.entries(board.overdue.rows).find(([, { unclaimed }]) => unclaimed) ?? []
    if (row === undefined) throw new Error('the fixture has no unclaimed row')
    const shown = page.locator('.row', { hasText: row.short })
    const marks = () =>
      shown.locator('.glyph--quiet, .row__unclaimed').evaluateAll((all) => all.map((one) => one.getAttribute('class')))
    expect(await marks()).toEqual(['row__unclaimed'])
    server.change({
      ...board,
      overdue: { ...board.overdue, rows: { ...board.overdue.rows, [order]: { ...row, acknowledged: true } } },
    })
    await expect.poll(marks).toEqual(['glyph glyph--quiet'])
  })

  test('says that it is disconnected instead of presenting old data as current, and what it missed', async () => {
    await server.close()
    await page.getByText('Do not rely on it').waitFor({ timeout: 25_000 })
    expect(await page.getByText('Now', { exact: true }).count()).toBe(0)
    await page.getByText('Newly overdue since 14:26 unknown').waitFor()

    server = new BoardServer({ board: { ...withOverdue(44), epoch: 'after the cut' } })
    await server.run(Number(new URL(url).port))
    await page.getByText('Back online ·').waitFor({ timeout: 15_000 })
    await expect.poll(hero).toBe('44')
    expect(await page.getByText('Do not rely on it').count()).toBe(0)
  })
})

function withOverdue(count: number): Board {
  const board = busyBoard('en')
  return { ...board, kpis: { ...board.kpis, overdue: { ...board.kpis.overdue, count } } }
}

/** The text of the large number. */
function hero(): Promise<string> {
  return page.locator('.kpi--hero .kpi__value').innerText()
}

function afterFrames(count: number): Promise<unknown> {
  return page.evaluate(`(async () => { for (let i = 0; i < ${count}; i++) await new Promise(askUncounted) })()`)
}
