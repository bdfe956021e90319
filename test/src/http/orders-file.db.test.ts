import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { ordersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { parse } from 'csv-parse/sync'
import readExcelFile from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from './call.ts'
import { expectProblem } from './expect-problem.ts'
import { someEvent } from './some-event.ts'

const hourMs = 3_600_000
const now = Date.UTC(2026, 10, 22, 12)
const orderCount = 1_203
let server: StartedServer

function entered(order: string, hoursAgo: number, data: Readonly<Record<string, unknown>> = {}) {
  const occurredAt = new Date(now - hoursAgo * hourMs).toISOString()
  return someEvent({ order, type: 'stage.entered', stage: 'cut', occurredAt, actor: 'Ada', data })
}

beforeAll(async () => {
  server = await startServer({ clock: new VirtualClock(now) })
  const pipeline = await server.server.sites.get('main')
  await pipeline.saveProcess({
    code: 'default',
    name: { zh: '订单', en: 'Orders' },
    stages: [
      { code: 'cut', name: { zh: '裁剪', en: 'Cutting' }, targetMs: 4 * hourMs, warnAtRatio: 0.8, toleranceRatio: 0.1 },
    ],
    acceptsNewStages: true,
    goals: {},
  })
  const key = await server.createKey(['ingest'])
  const many = Array.from({ length: orderCount - 2 }, (_, i) => entered(`N-${String(i).padStart(4, '0')}`, 1))
  const odd = [
    entered('LATE', 10, {
      customer: '=HYPERLINK("http://x","y")',
      customerClass: 'A',
      product: 'a, "b"',
      quantity: 3,
      amount: 12.5,
    }),
    entered('@cmd', 2, { customer: '\u2795 plus' }),
  ]
  for (const events of [odd, many.slice(0, 1_000), many.slice(1_000)]) {
    const reply = await call(`${server.url}/api/v1/events`, { key, body: events })
    expect(reply.body).toMatchObject({ accepted: events.length })
  }
})
afterAll(() => server.close())

async function file(query: string): Promise<{ readonly text: string; readonly headers: Headers }> {
  // As bytes, because decoding as text removes the byte order mark.
  const response = await fetch(`${server.url}/api/v1/orders.csv?${query}`)
  expect(response.status).toBe(200)
  return { text: Buffer.from(await response.arrayBuffer()).toString(), headers: response.headers }
}

function rowsOf(text: string): string[][] {
  return parse(text, { bom: true })
}

describe('the file of orders', () => {
  it('is refused while too many are being sent, and given when they have been', async () => {
    const { files } = server.server
    const ends = ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd'].map((caller) => files.begin(caller))
    for (const path of ['orders.csv', 'orders.xlsx']) {
      expectProblem(await call(`${server.url}/api/v1/${path}`), 503, 'overloaded')
    }
    for (const end of ends) end()
    await file('lang=en')
    await eventually(() => expect(files.usage.size).toBe(0))
  })

  it('has all pages of the list, in its order', async () => {
    const { text, headers } = await file('sort=order&lang=en')
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toBe('attachment; filename="orders.csv"')
    expect(text.startsWith('\uFEFFOrder,State,Customer,Stage,')).toBe(true)
    const [, ...rows] = rowsOf(text)
    expect(rows.length).toBe(orderCount)
    const listed: string[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const next: string = cursor === '' ? '' : `&cursor=${cursor}`
      const reply = await call(`${server.url}/api/v1/orders?sort=order&limit=500${next}`)
      const page = ordersAnswer.parse(reply.body)
      listed.push(...page.orders.map(({ order }) => order))
      cursor = page.cursor
    }
    expect(rows.map(([order]) => order?.replace(/^'/, ''))).toEqual(listed)
  })

  it('takes the questions of the list', async () => {
    expect(rowsOf((await file('status=overdue&lang=en')).text).map((row) => row.slice(0, 4))).toEqual([
      ['Order', 'State', 'Customer', 'Stage'],
      ['LATE', 'Overdue', '\'=HYPERLINK("http://x","y")', 'Cutting'],
    ])
    expect(rowsOf((await file('q=nothing')).text)).toHaveLength(1)
  })

  it('writes titles, states and stages in the language that is asked for, else in that of the browser', async () => {
    const asked = rowsOf((await file('status=overdue&lang=zh')).text)
    expect(asked.map((row) => [row[1], row[3]])).toEqual([
      ['状态', '环节'],
      ['超时', '裁剪'],
    ])
    const headers = { 'accept-language': 'zh-CN,zh;q=0.9' }
    const preferred = await fetch(`${server.url}/api/v1/orders.csv?status=overdue`, { headers })
    expect(rowsOf(await preferred.text())[0]?.[0]).toBe('订单')
  })

  it('lets a spreadsheet take no text for a formula, and leaves numbers numbers', async () => {
    const { text } = await file('q=LATE&lang=en')
    const [titles = [], row = []] = rowsOf(text)
    const cell = (title: string) => row[titles.indexOf(title)]
    expect([cell('Customer class'), cell('Product'), cell('Quantity'), cell('Amount'), cell('Overdue by (h)')]).toEqual(
      ['A', 'a, "b"', '3', '12.5', '6'],
    )
    expect(rowsOf((await file('q=cmd')).text)[1]?.[0]).toBe("'@cmd")
  })

  it('knows no pages', async () => {
    expectProblem(await call(`${server.url}/api/v1/orders.csv?limit=5`), 400, 'invalid_field')
    expectProblem(await call(`${server.url}/api/v1/orders.csv?status=late`), 400, 'invalid_field')
  })
})

describe('the orders as a workbook', () => {
  it('are read by a spreadsheet with numbers, instants by the clock of the site, and texts that are no formulas', async () => {
    const response = await fetch(`${server.url}/api/v1/orders.xlsx?lang=en`)
    expect([response.status, response.headers.get('content-disposition')]).toEqual([
      200,
      'attachment; filename="orders.xlsx"',
    ])
    const [sheet] = await readExcelFile(Buffer.from(await response.arrayBuffer()))
    const [titles = [], ...rows] = sheet?.data ?? []
    expect([sheet?.sheet, rows.length]).toEqual(['Orders', orderCount])
    const column = (title: string) => titles.findIndex((each) => String(each).startsWith(title))
    const late = rows.find((row) => row[column('Order')] === 'LATE') ?? []
    expect(late[column('Customer')]).toBe('=HYPERLINK("http://x","y")')
    expect([late[column('Quantity')], late[column('Amount')], late[column('Overdue')]]).toEqual([3, 12.5, 6])
    const { site } = await server.server.sites.get('main')
    const local = new Date(now - 10 * hourMs).toLocaleString('sv-SE', { timeZone: site.timeZone })
    const since = late[column('In stage since')]
    // Spreadsheet dates are fractions of days, which are not exact.
    const minute = since instanceof Date ? Math.round(since.getTime() / 60_000) * 60_000 : 0
    expect(new Date(minute).toISOString().slice(0, 16).replace('T', ' ')).toBe(local.slice(0, 16))
    expect(rows.some((row) => row[column('Order')] === '@cmd')).toBe(true)
  })

  it('are those of the question, in the language that is asked for', async () => {
    const response = await fetch(`${server.url}/api/v1/orders.xlsx?q=LATE&lang=zh`)
    const [sheet] = await readExcelFile(Buffer.from(await response.arrayBuffer()))
    expect([sheet?.sheet, sheet?.data.length]).toEqual(['订单', 2])
  })
})
