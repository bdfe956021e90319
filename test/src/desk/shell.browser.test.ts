import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import { languagesFor } from '../harness/skip.ts'
import { call } from '../http/call.ts'
import { someEvent } from '../http/some-event.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { openDeskAs, phone } from './desk-page.ts'

const dark = 'rgb(20, 24, 29)'
const light = 'rgb(243, 245, 247)'

let server: PeopledServer
beforeAll(async () => {
  server = await startPeopled()
  const key = await server.createKey(['ingest'])
  const orders = Array.from({ length: 12 }, (_, i) => `FIND-${String(i).padStart(2, '0')}`)
  const events = orders.map((order) => someEvent({ order, data: { customer: '华辰机电' } }))
  const reply = await call(`${server.url}/api/v1/events`, { key, body: events })
  expect(reply.body).toMatchObject({ accepted: orders.length })
}, 60_000)
afterAll(() => server.close())

/** Records the background color of every frame that the next pages draw. */
async function recordGrounds(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const grounds: string[] = []
    const record = (): void => {
      grounds.push(getComputedStyle(document.documentElement).backgroundColor)
      requestAnimationFrame(record)
    }
    requestAnimationFrame(record)
    Object.assign(window, { grounds })
  })
}

function groundsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { grounds } = window as unknown as { grounds: string[] }
    return [...new Set(grounds)].filter((ground) => ground !== 'rgba(0, 0, 0, 0)')
  })
}

describe('the theme', () => {
  test('is that of the device until somebody chooses one, which the browser keeps', async ({ browser }) => {
    const desk = await openDeskAs(browser, server.url, server.ada, '/orders', { colorScheme: 'dark' })
    const { page } = desk
    await recordGrounds(page)
    await page.reload()
    await desk.sees('FIND-00')
    expect(await groundsOf(page)).toEqual([dark])
    await page.emulateMedia({ colorScheme: 'light' })
    await expect.poll(() => groundsOf(page)).toEqual([dark, light])

    await desk.press('Account')
    await page.getByRole('menuitemradio', { name: 'System', checked: true }).waitFor()
    expect(await axeViolations(page, '[role=menu]')).toEqual([])
    await page.getByRole('menuitemradio', { name: 'Dark' }).click()
    await page.reload()
    await desk.sees('FIND-00')
    // No frame is light, not even before the scripts of the page run.
    expect(await groundsOf(page)).toEqual([dark])
    await page.goto(`${server.url}/?page=start`)
    await desk.sees('Signed in:')
    expect(await groundsOf(page)).toEqual([dark])
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark')
    expect(desk.errors).toEqual([])
  })

  test('is light on paper, in charts as well', async ({ browser }) => {
    const desk = await openDeskAs(browser, server.url, server.ada, '/overview', { colorScheme: 'dark' })
    const { page } = desk
    const label = page.locator('.chart text').last()
    await label.waitFor()
    const colours = () =>
      label.evaluate((text) => [
        getComputedStyle(document.documentElement).backgroundColor,
        text.getAttribute('fill') ?? '',
      ])
    const onScreen = await colours()
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
    await expect.poll(colours).not.toContain(onScreen[1])
    expect((await colours())[0]).toBe(light)
    await page.evaluate(() => dispatchEvent(new Event('afterprint')))
    await expect.poll(colours).toEqual(onScreen)
  })
})

describe.each([
  { language: 'en', placeholder: 'Search orders, pages and commands', all: 'Show all 12 orders in the list' },
  { language: 'zh', placeholder: '搜索订单、页面与命令', all: '在列表中查看全部 12 单' },
] as const)('the palette in $language', ({ language, placeholder, all }) => {
  test('finds an order as it is typed and opens it, all by the keyboard', async ({ browser }) => {
    const desk = await openDeskAs(browser, server.url, server.ada, '/people', { language, colorScheme: 'dark' })
    const { page } = desk
    await page.locator('#content td').first().waitFor()
    await page.keyboard.press('/')
    const field = page.getByRole('combobox', { name: placeholder })
    await field.waitFor()
    await page.keyboard.type('find')
    const options = page.getByRole('dialog').getByRole('option')
    await page.getByRole('option', { name: all }).waitFor()
    // Orders are listed first; the selected option is announced to screen readers.
    const active = () =>
      field.evaluate((input) => document.getElementById(input.getAttribute('aria-activedescendant') ?? '')?.textContent)
    expect(await active()).toContain('FIND-00')
    expect(await options.count()).toBe(9)
    await page.keyboard.press('ArrowDown')
    expect(await active()).toContain('FIND-01')
    expect(await page.locator('[role=option][aria-selected=true]').count()).toBe(1)
    expect(await desk.problems()).toEqual([])
    expect(await axeViolations(page, 'dialog')).toEqual([])
    // The list still shows what was found before; Enter opens what was typed.
    await page.keyboard.type('-07')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/orders/FIND-07')
    await page.getByRole('heading', { name: 'FIND-07', level: 1 }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(desk.errors).toEqual([])
  })
})

test('the palette says when nothing is found and when the search fails, and opens pages', async ({ browser }) => {
  const desk = await openDeskAs(browser, server.url, server.ada, '/people', { viewport: phone })
  const { page } = desk
  await desk.press('Search')
  const field = page.getByRole('combobox', { name: 'Search orders, pages and commands' })
  await field.fill('no such thing')
  await desk.sees('Nothing found for “no such thing”')
  await page.route('**/api/v1/orders?*', (route) => route.abort())
  await field.fill('find')
  const retry = page.getByRole('option', { name: 'Orders could not be searched. Try again' })
  await retry.waitFor()
  expect(await desk.problems()).toEqual([])
  await page.unroute('**/api/v1/orders?*')
  await retry.click()
  await page.getByRole('option', { name: 'FIND-00' }).waitFor()
  await field.fill('audit')
  await page.getByRole('option', { name: 'Audit log' }).waitFor()
  await page.getByRole('option', { name: 'FIND-00' }).waitFor({ state: 'detached' })
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Audit log', level: 1 }).waitFor()

  // Esc closes the command palette without running a command and restores the focus.
  await desk.press('Search')
  await field.fill('theme: dark')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Search')
  // A dialog that opens while another one closes stays open.
  for (const key of ['Control+k', 'Escape', '?']) await page.keyboard.press(key)
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await page.getByRole('dialog', { name: 'Search and commands' }).waitFor({ state: 'detached' })
  expect(await page.getByRole('dialog').count()).toBe(1)
  expect(desk.errors).toEqual([])
})

test('? lists what works on the page, and single characters can be switched off', async ({ browser }) => {
  const desk = await openDeskAs(browser, server.url, server.ada, '/people')
  const { page } = desk
  await page.locator('#content td').first().waitFor()
  for (const key of ['g', 'l']) await page.keyboard.press(key)
  await page.locator('tr[data-order]').first().waitFor()
  const listed = async () => {
    const rows = await page.locator('dialog dl > div').allInnerTexts()
    return rows.map((row) => row.replaceAll(/\s+/g, ' '))
  }
  await page.keyboard.press('?')
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await dialog.waitFor()
  const all = await listed()
  // The shortcuts of the page register as its parts mount, which depends on when the orders arrive.
  expect(all.slice(0, 4).toSorted()).toEqual([
    'Apply the updates R',
    'Next order J',
    'Previous order K',
    'Search in the list /',
  ])
  expect(all.slice(4)).toEqual([
    'Search and commands Ctrl K',
    'Show all shortcuts ?',
    'Go to Overview G then O',
    'Go to Orders G then L',
    'Go to Tasks G then T',
    'Go to Alerts G then W',
    'Go to Approvals G then A',
    'Go to Handover G then V',
    'Go to Analysis G then N',
    'Go to Processes G then R',
    'Go to Data sources G then S',
    'Go to Imports G then I',
    'Go to Team G then M',
  ])
  expect(await axeViolations(page, 'dialog')).toEqual([])
  expect(await desk.problems()).toEqual([])
  await dialog.getByRole('switch').click()
  expect(await listed()).toEqual(['Search and commands Ctrl K'])
  await page.keyboard.press('Escape')

  await page.reload()
  await page.locator('tr[data-order]').first().waitFor()
  for (const key of ['j', '/', '?', 'g', 'o']) await page.keyboard.press(key)
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: 'Search and commands' }).waitFor()
  expect(await page.locator('tr[aria-current]').count()).toBe(0)
  expect(new URL(page.url()).pathname).toBe('/orders')
  expect(desk.errors).toEqual([])
})

test.for(['zh', 'en'] as const)(
  'every page of an administrator fits into a window of 800 px in %s',
  async (language, { browser }) => {
    const viewport = { width: 1280, height: 800 }
    const desk = await openDeskAs(browser, server.url, server.ada, '/status', { language, viewport })
    const pages = desk.page.locator('nav [data-scrolls]')
    await pages.locator('a[href^="/status"]').waitFor()
    const { hidden, count } = await pages.evaluate((list) => ({
      hidden: list.scrollHeight - list.clientHeight,
      count: list.querySelectorAll('a').length,
    }))
    expect(hidden).toBe(0)
    expect(count).toBeGreaterThan(19)
  },
)

test.for(languagesFor('zh'))('administrators see the state of the server in %s', async (language, { browser }) => {
  const desk = await openDeskAs(browser, server.url, server.ada, '/status', { language })
  await desk.page.getByRole('heading', { name: language === 'en' ? /^Checks/ : /^检查项/ }).waitFor()
  await desk.sees(/PostgreSQL \d+/)
  await desk.sees('heartbeat')
  expect(await axeViolations(desk.page, 'main')).toEqual([])
  expect(await desk.problems()).toEqual([])
  expect(desk.errors).toEqual([])
})

test('the desk says which time zone it uses when the site has another one', async ({ browser }) => {
  const there = await openDeskAs(browser, server.url, server.ada, '/orders', { timezoneId: 'America/St_Johns' })
  await there.sees(/Times in UTC−[23]:30 · site UTC/)
  const { timeZone } = (await server.server.sites.get('main')).site
  const here = await openDeskAs(browser, server.url, server.ada, '/orders', { timezoneId: timeZone })
  await here.sees('FIND-00')
  expect(await here.page.getByText('Times in').count()).toBe(0)
})
