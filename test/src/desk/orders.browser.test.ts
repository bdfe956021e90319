import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import { call } from '../http/call.ts'
import { someEvent } from '../http/some-event.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'
import { isInTurn } from '../harness/skip.ts'
import { openDeskAs, windowsIn } from './desk-page.ts'
import type { DeskPage } from './desk-page.ts'

const hourMs = 3_600_000
const lateCount = 130

let server: PeopledServer
let key: string
let lead: Visitor

/** An event that occurred this many hours ago. */
function ago(hours: number, order: string, type: string, more: Readonly<Record<string, unknown>> = {}) {
  const occurredAt = new Date(Date.now() - hours * hourMs).toISOString()
  return someEvent({ order, type, stage: undefined, occurredAt, ...more })
}

async function send(events: readonly unknown[]): Promise<void> {
  const reply = await call(`${server.url}/api/v1/events`, { key, body: events })
  expect(reply.body).toMatchObject({ accepted: events.length })
}

/** `LATE-000` is the longest overdue; the limit of `cut` is 4 h, and `sew` has none. */
beforeAll(async () => {
  server = await startPeopled()
  const stage = (code: string, zh: string, en: string) => ({
    code,
    name: { zh, en },
    warnAtRatio: 0.8,
    toleranceRatio: 0.1,
  })
  await (
    await server.server.sites.get('main')
  ).saveProcess({
    code: 'default',
    name: { zh: '订单', en: 'Orders' },
    stages: [{ ...stage('cut', '裁剪', 'Cutting'), targetMs: 4 * hourMs }, stage('sew', '缝制', 'Sewing')],
    acceptsNewStages: true,
    goals: {},
  })
  key = await server.createKey(['ingest'])
  lead = await server.join('lead@example.com', { role: 'lead', departments: ['store'] })
  const late = Array.from({ length: lateCount }, (_, i) =>
    ago(200 - i, `LATE-${String(i).padStart(3, '0')}`, 'stage.entered', {
      stage: 'cut',
      actor: i === 0 ? undefined : 'Ada',
      data: { customer: i % 2 === 0 ? 'Acme' : 'Beta', department: i % 10 === 3 ? 'store' : 'sales' },
    }),
  )
  await send([
    ago(30, 'FINE-1', 'order.placed', {
      data: {
        customer: 'Acme',
        product: 'Desk',
        quantity: 12,
        amount: 1_900,
        currency: 'CNY',
        promisedAt: new Date(Date.now() + 20 * hourMs).toISOString(),
      },
    }),
    ago(29, 'FINE-1', 'stage.entered', { stage: 'cut', actor: 'Ada' }),
    ago(28, 'FINE-1', 'stage.started', { stage: 'cut', actor: 'Ada' }),
    ago(22, 'FINE-1', 'stage.entered', { stage: 'sew', actor: 'Bob' }),
    ago(21, 'FINE-1', 'order.held', { actor: 'Bob', data: { reason: 'no thread' } }),
    ...late,
  ])
}, 60_000)
afterAll(() => server.close())

const openAs = (browser: Browser, visitor: Visitor, path: string, options?: Parameters<typeof openDeskAs>[4]) =>
  openDeskAs(browser, server.url, visitor, path, options)

const row = ({ page }: DeskPage, order: string) => page.locator(`tr[data-order="${order}"]`)
const tab = ({ page }: DeskPage, name: RegExp) =>
  page.getByRole('group', { name: 'State of the orders' }).getByRole('button', { name })

describe('the list of orders', () => {
  test('leads to an order in two clicks, and Back restores the position', async ({ browser }) => {
    const desk = await openAs(browser, server.ada, '/orders')
    await tab(desk, /^Overdue/).click()
    await row(desk, 'LATE-000').waitFor()
    // Scrolling to the end loads the second page of the list.
    await desk.page.mouse.move(700, 600)
    for (let step = 0; (await row(desk, 'LATE-110').count()) === 0; step++) {
      expect(step).toBeLessThan(200)
      await desk.page.mouse.wheel(0, 400)
      await desk.page.evaluate(() => new Promise(requestAnimationFrame))
    }
    await row(desk, 'LATE-110').scrollIntoViewIfNeeded()
    const before = await desk.page.evaluate(() => window.scrollY)
    expect(before).toBeGreaterThan(2_000)
    await row(desk, 'LATE-110').getByRole('link').click()
    await desk.page.getByRole('heading', { name: 'LATE-110' }).waitFor()
    await desk.sees(`111 / ${lateCount}`)

    await desk.page.goBack()
    await row(desk, 'LATE-110').waitFor()
    expect(await desk.page.evaluate(() => window.scrollY)).toBe(before)
    expect(await row(desk, 'LATE-110').getAttribute('aria-current')).toBe('true')
    expect(desk.errors).toEqual([])
  })

  test('goes from order to order by keys, and Esc leads back to the last one', async ({ browser }) => {
    const desk = await openAs(browser, server.ada, '/orders?status=overdue')
    await row(desk, 'LATE-002').waitFor()
    for (const pressed of ['j', 'j', 'Enter']) await desk.page.keyboard.press(pressed)
    await desk.page.getByRole('heading', { name: 'LATE-001' }).waitFor()
    await desk.sees(`2 / ${lateCount}`)
    await desk.page.keyboard.press('j')
    await desk.page.getByRole('heading', { name: 'LATE-002' }).waitFor()
    await desk.page.keyboard.press('k')
    await desk.page.getByRole('heading', { name: 'LATE-001' }).waitFor()
    await desk.page.keyboard.press('k')
    await desk.page.getByRole('heading', { name: 'LATE-000' }).waitFor()
    await desk.page.keyboard.press('Escape')
    await row(desk, 'LATE-000').waitFor()
    expect(new URL(desk.page.url()).search).toBe('?status=overdue')
    expect(await row(desk, 'LATE-000').getAttribute('aria-current')).toBe('true')
  })

  test('keeps its filters in the address, which survives a reload', async ({ browser }) => {
    const desk = await openAs(browser, server.ada, '/orders?status=overdue&sort=overdue&nonsense=1')
    await row(desk, 'LATE-000').waitFor()
    await desk.page.keyboard.press('/')
    await desk.page.keyboard.type('beta')
    await desk.page.waitForURL((url) => url.searchParams.get('q') === 'beta')
    await row(desk, 'LATE-000').waitFor({ state: 'detached' })
    await desk.page.getByLabel('Sort by').selectOption('order')
    await desk.page.waitForURL((url) => url.searchParams.get('sort') === 'order')
    await desk.page.reload()
    await row(desk, 'LATE-001').waitFor()
    expect(await desk.page.getByRole('searchbox').inputValue()).toBe('beta')
    expect(await tab(desk, /^Overdue/).getAttribute('aria-pressed')).toBe('true')
    expect(await row(desk, 'LATE-002').count()).toBe(0)
    await desk.press('Clear search')
    await row(desk, 'LATE-002').waitFor()
    const { searchParams } = new URL(desk.page.url())
    expect(['q', 'status', 'sort'].map((name) => searchParams.get(name))).toEqual([null, 'overdue', 'order'])
  })

  test('is sorted by any column, and the other way round', async ({ browser }) => {
    const desk = await openAs(browser, server.ada, '/orders?status=overdue')
    const first = () => desk.page.locator('tr[data-order]').first().getAttribute('data-order')
    await expect.poll(first).toBe('LATE-000')
    await desk.press('Order')
    await desk.page.waitForURL(/sort=order/)
    await desk.press('Order')
    await desk.page.waitForURL(/sort=-order/)
    await expect.poll(first).toBe('LATE-129')
    expect(await desk.page.getByRole('columnheader', { name: 'Order', exact: true }).getAttribute('aria-sort')).toBe(
      'descending',
    )
    await desk.press('Customer')
    await expect.poll(first).toBe('LATE-000')
    expect(desk.errors).toEqual([])
  })

  test('updates rows in place, and adds new orders on request', async ({ browser }) => {
    const desk = await openAs(browser, server.ada, '/orders?status=overdue')
    await row(desk, 'LATE-000').getByText('Unclaimed').waitFor()
    const first = () => desk.page.locator('tr[data-order]').first().getAttribute('data-order')
    await send([ago(0, 'LATE-000', 'order.assigned', { data: { owner: 'Zoe' } })])
    await row(desk, 'LATE-000').getByText('Zoe').waitFor()

    await send([ago(500, 'LATE-NEW', 'stage.entered', { stage: 'cut', actor: 'Ada' })])
    await desk.sees('1 update · apply')
    expect(await first()).toBe('LATE-000')
    await desk.page.keyboard.press('r')
    await row(desk, 'LATE-NEW').waitFor()
    expect(await first()).toBe('LATE-NEW')
    await desk.page.getByText('1 update · apply').waitFor({ state: 'detached' })
    expect(desk.errors).toEqual([])
  })

  test('copies a long name as it is, without the marks where it may be divided', async ({ browser }) => {
    const longName = 'Warenausgangskontrolle'
    await send([ago(1, 'LONG-1', 'stage.entered', { stage: longName, actor: 'Ada' })])
    const desk = await openAs(browser, server.ada, '/orders?q=LONG-1')
    await desk.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const cell = row(desk, 'LONG-1').locator('td[data-column="stage"]')
    expect(await cell.innerText()).toContain('\u00ad')
    await cell.evaluate((element) => getSelection()?.selectAllChildren(element))
    await desk.page.keyboard.press('ControlOrMeta+c')
    expect(await desk.page.evaluate(() => navigator.clipboard.readText())).toContain(longName)
  })

  test('shows a lead the orders of their departments and no others', async ({ browser }) => {
    const desk = await openAs(browser, lead, '/orders')
    await row(desk, 'LATE-003').waitFor()
    expect(await desk.page.locator('tr[data-order]').count()).toBe(lateCount / 10)
    await desk.page.goto(`${server.url}/orders/LATE-001`)
    await desk.sees('Order not found')
    await desk.page.goto(`${server.url}/orders/LATE-003`)
    await desk.sees('Current stage')
  })
})

describe('acting on many orders', () => {
  test('shows a preview, and others see the result within a second', async ({ browser }) => {
    const desk = await openAs(browser, server.ada, '/orders?customer=Beta&sort=order')
    const other = await openAs(browser, server.ada, '/orders?customer=Beta&sort=order')
    await send([ago(0, 'LATE-005', 'order.held', { data: { reason: 'no boxes' } })])
    await row(other, 'LATE-001').waitFor()
    await row(desk, 'LATE-001').getByRole('checkbox').check()
    await row(desk, 'LATE-005')
      .getByRole('checkbox')
      .click({ modifiers: ['Shift'] })
    await desk.sees('3 selected')
    await desk.press('Hold')
    await desk.sees('2 orders will be changed.')
    await desk.sees('1 order is skipped:')
    await desk.fill('Reason for the hold', 'stocktaking')
    await desk.page.locator('dialog').getByRole('button', { name: 'Hold' }).click()
    await desk.sees('1 order was not changed:')
    await desk.press('Done')
    await expect.poll(() => row(other, 'LATE-003').innerText(), { timeout: 1_000 }).toContain('stocktaking')
    expect(await row(other, 'LATE-005').innerText()).toContain('no boxes')
    expect(await desk.page.getByText(/selected$/).count()).toBe(0)
    // A selection belongs to the list in which it was made.
    await row(desk, 'LATE-007').getByRole('checkbox').check()
    await desk.page.getByRole('button', { name: 'All' }).first().click()
    await desk.page.getByText('1 selected').waitFor({ state: 'detached' })
    expect([...desk.errors, ...other.errors]).toEqual([])
  })
})

describe('the page of an order', () => {
  test('shows what happens to it without being loaded again', async ({ browser }) => {
    const desk = await openAs(browser, server.ada, '/orders/FINE-1')
    await desk.sees('Desk × 12')
    await desk.sees('no thread')
    await send([ago(0, 'FINE-1', 'note.added', { actor: 'Cem', data: { text: 'thread has come' } })])
    await desk.sees('thread has come')
    expect(desk.errors).toEqual([])
  })

  test('shows the same data in a table as in bars', async ({ browser }) => {
    const desk = await openAs(browser, server.ada, '/orders/FINE-1')
    await desk.page.getByText('Table', { exact: true }).click()
    const cells = desk.page.locator('table tbody tr').first().locator('th, td')
    const texts = await cells.allInnerTexts()
    expect([texts[0], texts[3], texts[5], texts[6]]).toEqual(['Cutting', '7h', '4h', '+3h'])
  })
})

describe('an entry that is wrong', () => {
  test('is corrected with a reason, and its figures follow', async ({ browser }) => {
    await send([ago(3, 'WRONG-1', 'stage.entered', { stage: 'cut', data: { customer: 'Gamma' } })])
    await send([ago(9, 'GAMMA-2', 'stage.entered', { stage: 'cut', data: { customer: 'Gamma' } })])
    const desk = await openAs(browser, server.ada, '/orders/WRONG-1')
    await desk.sees('Other open orders of Gamma')
    await desk.press('Correct: Entered Cutting')
    await desk.page.getByLabel('Stage', { exact: true }).selectOption('Sewing')
    await desk.fill('Reason for the correction', 'scanned at the wrong gate')
    expect(await axeViolations(desk.page, 'dialog')).toEqual([])
    await desk.press('Correct entry')
    await desk.sees('Entered Sewing')
    await desk.sees('scanned at the wrong gate')
    await desk.page.locator('del', { hasText: /Entered cut/i }).waitFor()
    // Members whose only right is to act on orders are not offered it.
    const operator = await server.join('operator@example.com', { role: 'operator' })
    const other = await openAs(browser, operator, '/orders/GAMMA-2')
    await other.sees('Entered Cutting')
    expect(await other.page.getByRole('button', { name: /^Correct/ }).count()).toBe(0)
    await desk.page.getByRole('link', { name: 'GAMMA-2' }).click()
    await desk.page.getByRole('heading', { name: 'GAMMA-2' }).waitFor()
    expect([...desk.errors, ...other.errors]).toEqual([])
  })
})

describe.each(['zh', 'en'] as const)('in %s', (language) => {
  test('the times above the bars have room wherever midnight falls', async ({ browser }) => {
    const desk = await openAs(browser, server.ada, '/orders', { language })
    const devTools = await desk.context.newCDPSession(desk.page)
    const zones = [0, 2, 4, 6, 8, 10].map((ahead) => `Etc/GMT-${ahead}`)
    for (const timezoneId of zones.filter((_, place) => isInTurn(place, Number(language === 'en')))) {
      await devTools.send('Emulation.setTimezoneOverride', { timezoneId })
      await desk.page.goto(`${server.url}/orders/FINE-1`)
      await desk.page.locator('#content li time').first().waitFor()
      expect([timezoneId, await desk.problems()]).toEqual([timezoneId, []])
    }
  })

  for (const viewport of windowsIn(language)) {
    test(`no text is cut off or overlaps, and everything is accessible: ${viewport.width} px`, async ({ browser }) => {
      const desk = await openAs(browser, server.ada, '/orders', { language, viewport })
      const shownOn = {
        '/orders': 'tr[data-order]',
        '/orders?q=nothing-like-it': 'h2',
        '/orders/FINE-1?list=': 'li time',
        '/orders/LATE-001': 'li time',
        '/orders/NO-SUCH-ORDER': 'h2',
      }
      for (const [place, [path, shown]] of Object.entries(shownOn).entries()) {
        await desk.page.goto(server.url + path)
        await desk.page.locator(`#content ${shown}`).first().waitFor()
        await desk.page.evaluate(() => document.fonts.ready)
        expect([path, await desk.problems()]).toEqual([path, []])
        const barriers = isInTurn(place, Number(language === 'en')) ? await axeViolations(desk.page) : []
        expect([path, barriers]).toEqual([path, []])
      }
      // Popovers over the list: filters, views, columns and files; then the actions on selected orders.
      await desk.page.goto(`${server.url}/orders`)
      await desk.page.locator('tr[data-order] input').first().check()
      const openers = desk.page.locator('#content button[aria-haspopup]')
      expect(await openers.count()).toBe(4)
      for (const opener of await openers.all()) {
        await opener.click()
        await expect.poll(() => opener.getAttribute('aria-expanded')).toBe('true')
        expect([await opener.innerText(), await desk.problems()]).toEqual([await opener.innerText(), []])
        await desk.page.keyboard.press('Escape')
      }
      expect(desk.errors).toEqual([])
    })
  }
})
