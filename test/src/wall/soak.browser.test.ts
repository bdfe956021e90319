import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { Browser, CDPSession } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { busyBoard } from '../fixture/board-fixture.ts'
import { openBrowser } from '../harness/browser.ts'
import { FixtureWall } from './fixture-wall.ts'

/** `SOAK=full`: as many as a wall of a busy plant gets in an hour. */
const updates = process.env['SOAK'] === 'full' ? 16_000 : 8_000
/** How often the heap is looked at. */
const lookEvery = updates / 8
const mostBytesPerUpdate = 60

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

async function look(session: CDPSession): Promise<Look> {
  // Twice: what the first round frees may hold something else.
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters')
  return { heapBytes: usedSize, nodes, listeners: jsEventListeners }
}

/**
 * The median of what came from look to look: what leaks grows every time, and what the browser takes once, whenever it
 * likes, is no leak.
 */
function usualGrowth(heaps: readonly number[]): number {
  const growths = heaps.slice(1).map((bytes, i) => bytes - heaps[i]!)
  return growths.toSorted((a, b) => a - b)[Math.floor(growths.length / 2)]!
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
    if (update % lookEvery === 0) looks.push(await look(session))
  }
  const half = looks.slice(looks.length / 2 - 1)
  const [from, to] = [half[0]!, half.at(-1)!]
  expect(usualGrowth(half.map(({ heapBytes }) => heapBytes)) / lookEvery).toBeLessThanOrEqual(mostBytesPerUpdate)
  expect(to.nodes).toBeLessThanOrEqual(from.nodes * 1.1)
  expect(to.listeners).toBeLessThanOrEqual(from.listeners * 1.1)
})
