import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { busyBoard } from '../fixture/board-fixture.ts'
import { openBrowser } from '../harness/browser.ts'
import { FixtureWall } from './fixture-wall.ts'

/** `SOAK=full`: as many as a wall of a busy plant gets in an hour. */
const updates = process.env['SOAK'] === 'full' ? 16_000 : 8_000
/** How often the heap is looked at. */
const lookEvery = updates / 8
const mostBytesPerUpdate = 60
const rounds = 5
const nodesOfAPage = 40

interface Look {
  readonly heapBytes: number
  readonly nodes: number
  readonly listeners: number
}

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(async () => {
  await browser.close()
})

/** A board whose numbers differ from those of the update before. */
function updated(board: Board, update: number): Board {
  const [first] = board.overdue.order
  const row = board.overdue.rows[first ?? '']!
  const count = 30 + (update % 9)
  return {
    ...board,
    kpis: {
      ...board.kpis,
      overdue: { ...board.kpis.overdue, count },
      open: { ...board.kpis.open, count: 500 + count },
    },
    stages: { ...board.stages, qc: { ...board.stages['qc']!, wip: 50 + (update % 7), overdue: update % 14 } },
    overdue: {
      ...board.overdue,
      rows: { ...board.overdue.rows, [row.order]: { ...row, reason: `reason ${update % 5}` } },
    },
  }
}

/** The least of several rounds: now and then the browser holds something for a moment that the next one frees. */
async function look(page: Page, session: CDPSession): Promise<Look> {
  const looks: Look[] = []
  for (let round = 0; round < rounds; round++) {
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
    await session.send('HeapProfiler.collectGarbage')
    const { usedSize } = await session.send('Runtime.getHeapUsage')
    const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters')
    looks.push({ heapBytes: usedSize, nodes, listeners: jsEventListeners })
  }
  return looks.reduce((least, next) => (next.heapBytes < least.heapBytes ? next : least))
}

test('a wall holds no more after thousands of updates', { timeout: 600_000 }, async () => {
  const board = busyBoard('en')
  await using wall = await FixtureWall.open(browser, { board }, '&scenes=overview&reducedMotion')
  const { page, server } = wall
  const session = await page.context().newCDPSession(page)
  const looks: Look[] = []
  for (let update = 1; update <= updates; update++) {
    server.change(updated(board, update))
    if (update % 50 === 0) await page.getByText(String(500 + 30 + (update % 9)), { exact: true }).waitFor()
    if (update % lookEvery === 0) looks.push(await look(page, session))
  }
  const half = looks.slice(looks.length / 2 - 1)
  const [from, to] = [half[0]!, half.at(-1)!]
  expect((to.heapBytes - from.heapBytes) / (updates / 2)).toBeLessThanOrEqual(mostBytesPerUpdate)
  expect(new Set(half.map(({ listeners }) => listeners)).size).toBe(1)
  // Pages of the list take turns, and each has its own number of chips and reasons; nothing adds up.
  expect(to.nodes - from.nodes).toBeLessThanOrEqual(nodesOfAPage)
})
