import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { busyBoard } from '../fixture/board-fixture.ts'
import { BoardServer } from '../fixture/board-server.ts'
import { openBrowser } from '../harness/browser.ts'

let browser: Browser
let page: Page
let server: BoardServer
let url: string
const errors: string[] = []

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(() => browser.close())

beforeEach(async () => {
  errors.length = 0
  server = new BoardServer({ board: busyBoard('en') })
  url = await server.run()
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  page.on('pageerror', (error) => errors.push(String(error)))
  await page.goto(`${url}/wall?site=sample&lang=en&scenes=overview`)
  await hero('37')
})

afterEach(async () => {
  await page.close()
  await server.close()
  if (errors.length > 0) throw new Error(errors.join('\n'))
})

describe('the wall', () => {
  it('follows the deltas of its board', async () => {
    server.change(withOverdue(38))
    expect(await hero('38')).toBe('38')
    server.change(withOverdue(36))
    expect(await hero('36')).toBe('36')
  })

  it('asks for the board again when a delta was lost and the next one starts elsewhere', async () => {
    server.changeUnheard(withOverdue(40))
    server.change(withOverdue(41))
    expect(await hero('41')).toBe('41')
  })

  it('asks for the board again when only the pulse tells that a delta was lost', async () => {
    server.changeUnheard(withOverdue(42))
    expect(await hero('42')).toBe('42')
  })

  it('survives messages that make no sense', async () => {
    server.sendGarbage()
    server.change(withOverdue(39))
    expect(await hero('39')).toBe('39')
  })

  it('shows a new breach at the foot of the list, and asks for a look once', async () => {
    const board = busyBoard('en')
    const row = board.overdue.rows['SO-2606-1003']
    if (row === undefined) throw new Error('the fixture has no such row')
    server.change({ ...board, newestBreach: { at: server.now(), count: 1, row: { ...row, dueAt: server.now() } } })
    const slot = page.locator('.newest__row')
    await slot.getByText('Customer 1003').waitFor()
    expect(await slot.getAttribute('class')).toContain('newest__row--fresh')
  })

  it('says that it is cut off instead of showing an old picture as true, and what it has missed', async () => {
    await server.close()
    await page.getByText('Do not decide by it').waitFor({ timeout: 25_000 })
    expect(await page.getByText('Now', { exact: true }).count()).toBe(0)
    await page.getByText('Newly overdue since 14:26 unknown').waitFor()

    server = new BoardServer({ board: { ...withOverdue(44), epoch: 'after the cut' } })
    await server.run(Number(new URL(url).port))
    await page.getByText('Back ·').waitFor({ timeout: 15_000 })
    expect(await hero('44')).toBe('44')
    expect(await page.getByText('Do not decide by it').count()).toBe(0)
  })
})

function withOverdue(count: number): Board {
  const board = busyBoard('en')
  return { ...board, kpis: { ...board.kpis, overdue: { ...board.kpis.overdue, count } } }
}

/** What the large number says once it is `count`; fails after ten seconds of something else. */
async function hero(count: string): Promise<string> {
  return page.locator('.kpi--hero .kpi__value').getByText(count, { exact: true }).innerText({ timeout: 10_000 })
}
