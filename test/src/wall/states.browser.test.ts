import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { expect } from 'vitest'
import { busyBoard, calmBoard, emptyBoard } from '../fixture/board-fixture.ts'
import { BoardServer } from '../fixture/board-server.ts'
import type { BoardServerOptions } from '../fixture/board-server.ts'
import { test } from '../harness/browser-test.ts'
import { pageProblems } from '../harness/page-check.ts'
import { blockChineseFace } from './wall-page.ts'

/** The text of a wall once it contains these words; expects none of it to be cut off. */
async function told(browser: Browser, options: BoardServerOptions, words: string): Promise<string> {
  const server = new BoardServer(options)
  const url = await server.run()
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  try {
    await blockChineseFace(page)
    await page.goto(`${url}/wall?site=sample&lang=en&scenes=overview`)
    await page.getByText(words).first().waitFor()
    expect(await pageProblems(page, 24)).toEqual([])
    return await page.locator('#root').innerText()
  } finally {
    await page.close()
    await server.close()
  }
}

test('a wall that gets no numbers says that it waits, and after eight seconds why', async ({ browser }) => {
  const text = await told(browser, { refusal: 'not_ready' }, 'The server is starting')
  expect(text).toContain('Loading')
})

/** A proxy that forwards requests but does not support upgrades. */
async function startPlainProxy(target: string): Promise<{ url: string; close: () => void }> {
  const proxy = createServer((asked, answer) => {
    const { upgrade: _, connection: __, ...headers } = asked.headers
    const sent = request(new URL(asked.url ?? '/', target), { method: asked.method, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(answer)
    })
    sent.on('error', () => answer.destroy())
    asked.pipe(sent)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const close = (): void => {
    proxy.closeAllConnections()
    proxy.close()
  }
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, close }
}

test('a wall behind a proxy that passes no WebSocket on says so once its numbers are old', async ({ browser }) => {
  const server = new BoardServer({ board: busyBoard('en') })
  const proxy = await startPlainProxy(await server.run())
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  try {
    await blockChineseFace(page)
    await page.goto(`${proxy.url}/wall?site=sample&lang=en&scenes=overview`)
    await page.locator('.kpi--hero .kpi__value').getByText('37', { exact: true }).waitFor()
    await page.locator('.disconnected-banner').getByText('does not pass on WebSocket connections').waitFor()
    expect(await pageProblems(page, 24)).toEqual([])
  } finally {
    await page.close()
    proxy.close()
    await server.close()
  }
})

test('a wall of an overloaded server says how often it is updated', async ({ browser }) => {
  const text = await told(browser, { board: busyBoard('en'), reducedMs: 5_000 }, 'Reduced · every 5 s')
  expect(text).not.toContain('Live ·')
})

test('a calm wall says that nothing is overdue, and what comes next', async ({ browser }) => {
  const board = calmBoard('en')
  const none = { ...board, overdue: { total: 0, order: [], rows: {} } }
  expect(await told(browser, { board: none }, 'Nothing overdue')).toContain('Due soon')
})

test('a wall whose source is silent names it, and the stage that it feeds', async ({ browser }) => {
  expect(await told(browser, { board: busyBoard('en') }, 'No data')).toMatch(/Transit.*(?:Carrier|carrier)/)
})

test('a site without stages says how to begin', async ({ browser }) => {
  expect(await told(browser, { board: emptyBoard() }, 'No stages yet')).toContain('stagewatch key create')
})

test.for([
  ['unknown_board', 'This board does not exist'],
  ['not_found', 'This site does not exist'],
  ['invalid_field', 'This recording cannot be played'],
] as const)(
  'a wall that requests something missing (%s) lists what is available',
  async ([refusal, words], { browser }) => {
    await told(browser, { refusal }, words)
  },
)
