import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { busyBoard, calmBoard, emptyBoard } from '../fixture/board-fixture.ts'
import { BoardServer } from '../fixture/board-server.ts'
import type { BoardServerOptions } from '../fixture/board-server.ts'
import { openBrowser } from '../harness/browser.ts'
import { pageProblems } from '../harness/page-check.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** What a wall says, once it says this; nothing of it is cut. */
async function told(options: BoardServerOptions, words: string): Promise<string> {
  const server = new BoardServer(options)
  const url = await server.run()
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  try {
    await page.goto(`${url}/wall?site=sample&lang=en&scenes=overview`)
    await page.getByText(words).first().waitFor()
    expect(await pageProblems(page, 24)).toEqual([])
    return await page.locator('#root').innerText()
  } finally {
    await page.close()
    await server.close()
  }
}

test('a wall that gets no numbers says that it waits, and after eight seconds why', async () => {
  const text = await told({ refusal: 'not_ready' }, 'The server is starting')
  expect(text).toContain('Loading')
})

test('a calm wall says that nothing is overdue, and what comes next', async () => {
  const board = calmBoard('en')
  const none = { ...board, overdue: { total: 0, order: [], rows: {} } }
  expect(await told({ board: none }, 'Nothing overdue')).toContain('Due soon')
})

test('a wall whose source is silent names it, and the stage that it feeds', async () => {
  expect(await told({ board: busyBoard('en') }, 'No data')).toMatch(/Transit.*(?:Carrier|carrier)/)
})

test('a site without stages says how to begin', async () => {
  expect(await told({ board: emptyBoard() }, 'No stages yet')).toContain('stagewatch key create')
})

test.each([
  ['unknown_board', 'This board does not exist'],
  ['not_found', 'This site does not exist'],
  ['invalid_field', 'This recording cannot be shown'],
] as const)('a wall that asks for what there is not (%s) says what there is', async (refusal, words) => {
  await told({ refusal }, words)
})
