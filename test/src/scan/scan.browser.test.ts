import { orderDetail } from '@stagewatch/shared/contract/orders.ts'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { openDeskAs, phone } from '../desk/desk-page.ts'
import type { DeskPage } from '../desk/desk-page.ts'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import { languagesFor } from '../harness/skip.ts'
import { startScanPlant } from './scan-plant.ts'
import type { ScanPlant } from './scan-plant.ts'

let plant: ScanPlant
beforeAll(async () => {
  plant = await startScanPlant()
}, 120_000)
afterAll(() => plant.close())

let orders = 41

/** The number of an order that no test has used, nor an earlier attempt of the same test. */
const unusedNumber = (): string => `SO-${(orders += 1)}`

/** The page on a phone that has it cached and whose clock can be set, see `setClock`. */
async function openScan(browser: Browser, language: 'zh' | 'en'): Promise<DeskPage> {
  const scan = await openDeskAs(browser, plant.url, plant.operator, '/readyz', { viewport: phone, language })
  await scan.context.addInitScript(() => {
    const trueNow = Date.now.bind(Date)
    Date.now = () => trueNow() + Number(localStorage.getItem('test-clock') ?? 0)
  })
  await scan.page.goto(`${plant.url}/scan`)
  await scan.page.evaluate(async () => {
    await navigator.serviceWorker.ready
    while (navigator.serviceWorker.controller === null)
      await new Promise((resolve) =>
        navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
      )
  })
  return scan
}

const setClock = ({ page }: DeskPage, aheadMs: number) =>
  page.evaluate((ms) => localStorage.setItem('test-clock', String(ms)), aheadMs)

async function openOrder(scan: DeskPage, label: string, button: string, order: string): Promise<void> {
  await scan.fill(label, order)
  await scan.press(button)
}

/** Presses a button. @returns the times, epoch ms, between which it was pressed. */
async function tap(scan: DeskPage, name: string | RegExp): Promise<readonly [number, number]> {
  const from = Date.now()
  await scan.page.getByRole('button', { name }).click()
  return [from, Date.now()]
}

/** Types a code and Enter, a key every 5 ms by the time of the keys, however long a busy machine takes for them. */
async function typeByScanner({ page, context }: DeskPage, code: string): Promise<void> {
  const session = await context.newCDPSession(page)
  const at = Date.now() / 1_000
  const keys = Array.from(code, (key) => ({ key, text: key }))
  for (const [i, key] of [...keys, { key: 'Enter', text: '\r' }].entries()) {
    const timestamp = at + i * 0.005
    await session.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key, timestamp })
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', key: key.key, timestamp })
  }
  await session.detach()
}

async function eventsOf(order: string) {
  const { events } = orderDetail.parse((await plant.ada.call(`/api/v1/orders/${order}`)).body)
  return events.slice(1)
}

/** The `Date` header of a response is rounded to seconds. */
const roundedMs = 1_500

function expectWithin(at: number | undefined, [from, to]: readonly [number, number]): void {
  expect(at).toBeGreaterThanOrEqual(from - roundedMs)
  expect(at).toBeLessThanOrEqual(to + roundedMs)
}

describe('the page for phones', () => {
  test('sends what was tapped offline once and with its true time, over reloads and changes of the clock', async ({
    browser,
  }) => {
    const order = unusedNumber()
    await plant.newOrder(order)
    const scan = await openScan(browser, 'en')
    const { page, context } = scan
    const sees = (text: string | RegExp) => scan.sees(text)
    await openOrder(scan, 'Order number', 'Open', order)
    await sees('Packing')
    await sees(/\d+m left/)
    expect(await axeViolations(page, 'body')).toEqual([])
    expect(await scan.problems()).toEqual([])
    await context.setOffline(true)
    const started = await tap(scan, 'Started')
    await sees('1 report waits to be sent')
    const finished = await tap(scan, /^Finished/)
    await sees('Testing')
    await sees('2 reports wait to be sent')
    await page.reload()
    await sees('2 reports wait to be sent')
    await setClock(scan, 3 * 3_600_000)
    await page.reload()
    await sees('Testing')
    const startedNext = await tap(scan, 'Started')
    await sees('3 reports wait to be sent')
    // Sets the clock back as well, by more than it was ever ahead.
    await setClock(scan, -24 * 3_600_000)
    await page.reload()
    await sees('3 reports wait to be sent')
    // The response to the first request is lost, and the page is closed during the next one.
    let sent = 0
    const { promise: isUnderWay, resolve: underWay } = Promise.withResolvers<void>()
    await context.route('**/actions', async (route) => {
      sent += 1
      const turn = sent
      const response = await route.fetch()
      if (turn === 3) {
        underWay()
        return
      }
      await (turn === 1 ? route.abort() : route.fulfill({ response }))
    })
    await context.setOffline(false)
    await isUnderWay
    await page.reload()
    await sees('Testing')
    await page.getByText(/to be sent/).waitFor({ state: 'detached' })
    const sentAt = Date.now()
    const events = await eventsOf(order)
    expect(events.map(({ type, stage, source }) => [type, stage, source])).toEqual([
      ['stage.started', 'packing', 'desk'],
      ['stage.completed', 'packing', 'desk'],
      ['stage.entered', 'testing', 'desk'],
      ['stage.started', 'testing', 'desk'],
    ])
    expect(sent).toBe(5)
    expectWithin(events[0]?.occurredAt, started)
    expectWithin(events[1]?.occurredAt, finished)
    // The clock changed again before the phone reached the server: the change lies between two contacts.
    expectWithin(events[3]?.occurredAt, [startedNext[0], sentAt])
    expect(scan.errors).toEqual([])
  })

  test.for([
    ['en', 'Order number', 'Open', 'On hold', 'Cleaning at most 2h', /^On hold: Cleaning · until /, 'Goes on'],
    ['zh', '订单号', '打开', '挂起', '清洁 最长 2h', /^已挂起：清洁 · 至 /, '恢复'],
  ] as const)('holds for as long as the reason allows (%s)', async ([language, ...words], { browser }) => {
    const [label, open, hold, reason, held, resume] = words
    const order = unusedNumber()
    await plant.newOrder(order)
    const scan = await openScan(browser, language)
    await openOrder(scan, label, open, order)
    await tap(scan, hold)
    expect(await axeViolations(scan.page, 'body')).toEqual([])
    expect(await scan.problems()).toEqual([])
    const tapped = await tap(scan, reason)
    await scan.sees(held)
    await expect.poll(async () => (await eventsOf(order)).length).toBe(1)
    const [event] = await eventsOf(order)
    expectWithin(Number(event?.data.until) - 2 * 3_600_000, tapped)
    await scan.page.reload()
    await scan.sees(held)
    await tap(scan, resume)
    await expect
      .poll(async () => (await eventsOf(order)).map(({ type }) => type))
      .toEqual(['order.held', 'order.resumed'])
    expect(scan.errors).toEqual([])
  })

  for (const language of languagesFor('zh')) {
    const words = {
      en: { label: 'Order number', open: 'Open', which: 'Which stage do you report for?', finish: /^Finished/ },
      zh: { label: '订单号', open: '打开', which: '要报告哪个环节？', finish: /^完成/ },
    }[language]
    const [picking, packing, waiting] =
      language === 'en' ? ['Picking', 'Packing', /1 report waits/] : ['拣货', '包装', /1 条待发送/]
    test(`reports two stages of one order in two taps each, also offline (${language})`, async ({ browser }) => {
      const order = unusedNumber()
      await plant.newOrder(order, 'picking')
      await plant.newOrder(order, 'packing', { concurrent: true })
      const scan = await openScan(browser, language)
      await openOrder(scan, words.label, words.open, order)
      await scan.sees(words.which)
      expect(await axeViolations(scan.page, 'body')).toEqual([])
      expect(await scan.problems()).toEqual([])
      await scan.context.setOffline(true)
      await tap(scan, picking)
      await tap(scan, words.finish)
      await scan.sees(waiting)
      // One stage is left, of which nobody has to be asked.
      await scan.page.getByText(words.which).waitFor({ state: 'detached' })
      await scan.page.locator('.card__stage', { hasText: packing }).waitFor()
      await scan.context.setOffline(false)
      const told = async () => (await eventsOf(order)).slice(1).map(({ type, stage }) => [type, stage])
      await expect.poll(told, { timeout: 20_000 }).toEqual([['stage.completed', 'picking']])
      await tap(scan, words.finish)
      await expect.poll(told, { timeout: 20_000 }).toEqual([
        ['stage.completed', 'picking'],
        ['stage.completed', 'packing'],
        ['stage.entered', 'testing'],
      ])
      expect(scan.errors).toEqual([])
    })
  }

  test('takes a hand scanner anywhere, and keeps what was tapped for who tapped it', async ({ browser }) => {
    const order = unusedNumber()
    await plant.newOrder(order)
    const scan = await openScan(browser, 'zh')
    const { page, context } = scan
    const sees = (text: string | RegExp) => scan.sees(text)
    await sees('扫码枪在本页任何位置都可以直接扫。')
    await typeByScanner(scan, `${plant.url}/orders/${order}`)
    await sees('包装')
    expect(await scan.problems()).toEqual([])
    await tap(scan, '挂起')
    await tap(scan, '缺纸箱')
    await sees('已挂起：缺纸箱')
    await expect.poll(async () => (await eventsOf(order)).map(({ data }) => data.reason)).toEqual(['缺纸箱'])
    await context.setOffline(true)
    await tap(scan, '恢复')
    await sees('1 条待发送')
    const colleague = `wang.lei-${order.toLowerCase()}`
    const other = await plant.join(`${colleague}@example.com`, { role: 'operator' })
    const [name = '', value = ''] = other.cookie.split('; ')[0]?.split(/=(.*)/s) ?? []
    await context.addCookies([{ name, value, url: plant.url }])
    await context.setOffline(false)
    await sees(colleague)
    await page.getByRole('link', { name: /1 条待发送/ }).click()
    await sees('等待 li.min 登录后发送')
    expect(await eventsOf(order)).toHaveLength(1)
    expect(scan.errors).toEqual([])
  })
})
