import { departments } from '@stagewatch/server/sample/plant-staff.ts'
import { alertList } from '@stagewatch/shared/contract/alerts.ts'
import { approvalList } from '@stagewatch/shared/contract/approvals.ts'
import { handoverList } from '@stagewatch/shared/contract/handover.ts'
import { taskBoard } from '@stagewatch/shared/contract/tasks.ts'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { laptop, openDesk, openDeskAs, phone, windowsIn } from '../desk/desk-page.ts'
import { goWithin, loadedWithin } from '../desk/desk-tour.ts'
import { enterSample, openState } from '../fixture/sample-desk.ts'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import { pageProblems } from '../harness/page-check.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { isInTurn, isNight } from '../harness/skip.ts'
import { newVisitor } from '../identity/visitor.ts'

/** Minimum size on the wall, at a width of 1920. */
const leastPx = 24
const hourMs = 3_600_000
const large = { width: 1920, height: 1080 }
/** States with something open over a page, or next to it in a form; all others are checked at night. */
const opened = new Set([
  'overview-popover',
  'overview-filter',
  'orders-bulk',
  'order-hold',
  'order-correct',
  'order-mention',
  'order-table',
])
/** The tests of these pages check them in the same windows and languages; here they are checked at night only. */
const pathsWithOwnTests = ['/overview', '/orders', '/orders/NO-SUCH-ORDER']
const deskPaths = [
  ...(isNight ? pathsWithOwnTests : []),
  '/privacy',
  '/configuration',
  '/?page=start',
  '/screens',
  '/people',
  '/keys',
  '/alerts',
  '/sources',
  '/changes',
  '/account',
  '/pair',
]

const looksAtTheme = [
  ['light', 'all'],
  ['dark', 'colours'],
] as const

// Shared by all pages, because simulating its month takes seconds.
let server: StartedServer
beforeAll(async () => {
  server = await startServer({ demo: true })
}, 300_000)
afterAll(() => server.close())

describe('the wall of the sample factory', () => {
  const sizes = [
    { width: 1920, height: 1080, scale: 1 },
    { width: 1920, height: 1080, scale: 2 },
    { width: 3840, height: 2160, scale: 1 },
  ]
  for (const [turn, language] of ['zh', 'en'].entries()) {
    for (const { width, height, scale } of sizes.filter((_, place) => isInTurn(place, turn))) {
      test(`cuts, overlaps and shrinks no text: ${language}, ${width} × ${height} at ${scale}`, async ({ browser }) => {
        const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: scale })
        const errors: string[] = []
        page.on('pageerror', (error) => errors.push(error.message))
        page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
        await page.goto(`${server.url}/wall?site=sample&lang=${language}`)
        await page.locator('.kpi--hero .kpi__value').waitFor()
        await page.evaluate(() => document.fonts.ready)
        expect(await pageProblems(page, leastPx)).toEqual([])
        expect(errors).toEqual([])
        await page.close()
      })
    }
  }

  test('shows numbers that add up to each other', async ({ browser }) => {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    await page.goto(`${server.url}/wall?site=sample&lang=en`)
    await page.locator('.kpi--hero .kpi__value').waitFor()
    const { total, perStage, listed } = await page.evaluate(() => {
      const numbers = (selector: string) =>
        [...document.querySelectorAll(selector)].map((element) => Number(element.textContent?.replace(/\D/g, '')))
      return {
        total: numbers('.kpi--hero .kpi__value')[0],
        perStage: numbers('.strip__overdue').reduce((sum, count) => sum + count, 0),
        listed: Number(document.querySelector('.list__range')?.textContent?.split('/')[1]),
      }
    })
    expect(perStage).toBe(total)
    expect(listed).toBe(total)
    await page.close()
  })
})

function address(url: string, from: number, to: number, speed: number): string {
  const [begin, end] = [from, to].map((instant) => new Date(instant).toISOString())
  return `${url}/wall?site=sample&lang=en&scenes=overview&recording=${begin}/${end}&speed=${speed}`
}

describe('a wall that shows the past', () => {
  test('says so, moves as fast as it was told, and stays at the end', async ({ browser }) => {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    const now = Date.now()
    const from = now - 10 * hourMs
    await page.goto(address(server.url, from, from + hourMs, 600))
    const mark = page.locator('.header__recording')
    await mark.getByText('RECORDING ×600').waitFor()
    const frame = await page
      .locator('.stage--recording')
      .evaluate((stage) => getComputedStyle(stage, '::before').borderStyle)
    expect(frame).toBe('dashed')
    const clock = await page.locator('.header__clock').textContent()
    // An hour takes six seconds.
    await mark.getByText('RECORDING · ended').waitFor()
    expect(await page.locator('.header__clock').textContent()).not.toBe(clock)
    expect(await pageProblems(page, leastPx)).toEqual([])
    await page.close()
  })

  test('shows the numbers of then and not of now', async ({ browser }) => {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    // At 03:00 nothing happens in the factory, so no delta tells that the recording has ended.
    const then = Temporal.Now.zonedDateTimeISO('Asia/Shanghai')
      .subtract({ days: 2 })
      .with({ hour: 3 }).epochMilliseconds
    await page.goto(address(server.url, then - hourMs, then, 600))
    await page.getByText('RECORDING · ended').waitFor()
    const [date] = (await page.locator('.header__date').textContent())!.match(/\d+/)!
    const zone = 'Asia/Shanghai'
    expect(date).toBe(new Intl.DateTimeFormat('en', { day: 'numeric', timeZone: zone }).format(then))
    await page.close()
  })

  test('says how to ask for one that it can show', async ({ browser }) => {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    await page.goto(address(server.url, Date.now(), Date.now() + hourMs, 60))
    await page.getByText('This recording cannot be played').waitFor()
    expect(await pageProblems(page, leastPx)).toEqual([])
    await page.close()
  })
})

describe('the desk of the sample', () => {
  test('is entered without a password, and a viewer is told who may do more', async ({ browser }) => {
    const viewer = await openDesk(browser, `${server.url}/sign-in`)
    await viewer.press('Enter the sample as: Viewer')
    await viewer.page.waitForURL(/\/overview/)
    await viewer.page.goto(`${server.url}/keys`)
    await viewer.sees('These roles have access: Administrator. Ask an administrator of the site.')
    await viewer.page.goto(`${server.url}/?lang=en&page=start`)
    await viewer.sees('Signed in:')
    expect(viewer.errors).toEqual([])
  })

  test('says its words in the language that was chosen, on every page', async ({ browser }) => {
    const desk = await openDesk(browser, `${server.url}/sign-in`)
    await desk.press('中文')
    await desk.sees('选择角色进入样例')
    expect(await desk.page.locator('html').getAttribute('lang')).toBe('zh-CN')
    await desk.page.goto(`${server.url}/`)
    await desk.sees('登录')
  })

  test('answers every address with a page, and tells programs that there is nothing', async ({ browser }) => {
    const desk = await openDesk(browser, `${server.url}/nothing/SO-1.2?stage=packing&stage=testing`)
    await desk.sees('There is no page at /nothing/SO-1.2.')
    await desk.page.getByRole('link', { name: 'Go to your first page' }).click()
    await desk.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(desk.errors).toEqual([])
    for (const [path, accept] of [
      ['/orders/SO-1', 'application/json'],
      ['/api/v1/nothing', 'text/html'],
      ['/assets/gone.js', 'text/html'],
    ] as const) {
      const response = await fetch(server.url + path, { headers: { accept } })
      expect([path, response.status]).toEqual([path, 404])
      expect(await response.json()).toMatchObject({ code: 'not_found' })
    }
  })

  for (const language of ['zh', 'en'] as const) {
    test(`fits small windows: ${language}`, async ({ browser }) => {
      const desk = await openDesk(browser, `${server.url}/sign-in`, { language })
      await desk.page.locator('main li button').first().click()
      await desk.page.locator('#heat').waitFor()
      const tooWide = async () => {
        const beyondPx = await desk.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        return [Math.max(0, beyondPx), await desk.problems()]
      }
      const { engine } = await server.server.sites.get('sample')
      const [stuck] = engine.open
      const parts = {
        '/overview': '#heat',
        '/orders': 'tr[data-order]',
        [`/orders/${stuck?.state.order}`]: '[class*=facts]',
        '/sources': 'td',
      }
      for (const [path, part] of Object.entries(parts)) {
        await desk.page.goto(server.url + path)
        await desk.page.locator(part).first().waitFor()
        await desk.page.evaluate(() => document.fonts.ready)
        for (const width of isNight ? [1280, 1150, 1024, 900] : language === 'en' ? [1150, 900] : [1280, 1024]) {
          await desk.page.setViewportSize({ width, height: 800 })
          // Charts adapt to the window a moment later.
          await expect.poll(tooWide, { message: `${path}, ${width} px` }).toEqual([0, []])
        }
      }
    })

    test(`keeps the bar of the overview low, also with the note on time zones: ${language}`, async ({ browser }) => {
      const desk = await openDesk(browser, `${server.url}/sign-in`, { language, timezoneId: 'America/New_York' })
      await desk.page.locator('main li button').first().click()
      await desk.page.locator('#heat').waitFor()
      const barPx = () => desk.page.locator('header').evaluate((header) => header.getBoundingClientRect().height)
      expect(await barPx()).toBeLessThan(60)
      // Everything fits on the screen of a laptop, unless more orders than usual need action.
      await desk.page.getByRole('gridcell').last().waitFor()
      const pagePx = await desk.page.evaluate(() => document.documentElement.scrollHeight)
      expect(pagePx).toBeLessThan(laptop.height + 35)
      await desk.page.setViewportSize(phone)
      expect(await barPx()).toBeLessThan(165)
    })
  }

  for (const language of ['zh', 'en'] as const) {
    for (const viewport of windowsIn(language)) {
      test(`cuts and overlaps no text, and shuts nobody out: ${language}, ${viewport.width} px`, async ({
        browser,
      }) => {
        const desk = await openDesk(browser, `${server.url}/sign-in`, { language, viewport })
        await desk.page.locator('main li button').first().click()
        await desk.page.locator('#content h2').first().waitFor()
        // Accessibility does not depend on the language.
        const themes =
          (language === 'en') === (viewport === laptop)
            ? looksAtTheme.filter((_, place) => isInTurn(place, Number(viewport === phone)))
            : []
        for (const path of deskPaths) {
          await desk.page.goto(server.url + path)
          await desk.page.locator('main').waitFor()
          await expect.poll(() => desk.page.locator('[class*=skeleton]').count()).toBe(0)
          await desk.page.evaluate(() => document.fonts.ready)
          expect([path, await desk.problems()]).toEqual([path, []])
          for (const [colorScheme, looksAt] of themes) {
            await desk.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
            // Some colors have a transition.
            await expect
              .poll(() => axeViolations(desk.page, 'body', looksAt), { message: `${path}, ${colorScheme}` })
              .toEqual([])
          }
        }
        expect(desk.errors).toEqual([])
      })
    }
  }

  test('cuts and overlaps no text and shuts nobody out, whatever is open over a page', async ({ browser }) => {
    const { states, cookies } = await enterSample(server)
    const shown = states.filter(({ name }) => isNight || opened.has(name))
    expect(shown.length).toBe(isNight ? states.length : opened.size)
    for (const [index, state] of shown.entries()) {
      const locale = index % 2 === 0 ? 'en-GB' : 'zh-CN'
      const context = await browser.newContext({ viewport: laptop, locale, reducedMotion: 'reduce' })
      await context.addCookies(cookies[state.as ?? 'manager'])
      const page = await context.newPage()
      await openState(page, server.url, state)
      await page.evaluate(() => document.fonts.ready)
      for (const viewport of [large, laptop, phone]) {
        if (viewport === phone && state.hasNoPhone === true) continue
        await page.setViewportSize(viewport)
        await expect.poll(() => pageProblems(page, 0), { message: `${state.name}, ${viewport.width} px` }).toEqual([])
      }
      for (const [place, [colorScheme]] of looksAtTheme.entries()) {
        if (!isInTurn(place, index >> 1)) continue
        await page.emulateMedia({ colorScheme })
        await expect.poll(() => axeViolations(page, 'body'), { message: `${state.name}, ${colorScheme}` }).toEqual([])
      }
      await context.close()
    }
  }, 600_000)
})

/** Texts with Chinese characters, other than those that are meant to have them. */
const chineseTexts = (meant: readonly string[]) => {
  const found = new Set<string>()
  const add = (text: string | null) => {
    if (/\p{Script=Han}/u.test(text ?? '')) found.add(text!.trim())
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node.parentElement?.closest('script, style') === null) add(node.textContent)
  }
  for (const element of document.querySelectorAll('[aria-label], [title]')) {
    add(element.getAttribute('aria-label'))
    add(element.getAttribute('title'))
  }
  return [...found].filter((text) => !meant.includes(text))
}
/** The name of the language, where it is chosen. */
const languageNames = ['中文', 'Name (中文)']
const departmentKeys = Object.values(departments).map(({ name }) => name)

test('the desk of the sample names people, departments, rules and tasks in the language of the reader', async ({
  browser,
}) => {
  const manager = newVisitor(server.url)
  await manager.call('/api/v1/sample/enter', { body: { role: 'administrator' } })
  const get = async (path: string) => (await manager.call(path)).body
  const { alerts } = alertList.parse(await get('/api/v1/alerts?limit=200'))
  const { tasks } = taskBoard.parse(await get('/api/v1/tasks'))
  const { approvals } = approvalList.parse(await get('/api/v1/approvals'))
  const { handovers } = handoverList.parse(await get('/api/v1/handovers'))
  const alert = alerts.find(({ state, order }) => state === 'acknowledged' && order !== undefined)
  const task = Object.values(tasks).find(({ assignee, order }) => assignee !== undefined && order !== undefined)
  const paths = {
    people: '/people',
    team: '/team',
    departments: '/departments',
    alerts: '/alerts',
    'an alert': `/alerts?alert=${alert?.id}`,
    'an order with an alert': `/orders/${alert?.order}`,
    'an order with a task': `/orders/${task?.order}`,
    'an order with an approval': `/orders/${approvals[0]?.order}`,
    tasks: '/tasks?segment=all',
    'a task': `/tasks?segment=all&task=${task?.id}`,
    approvals: '/approvals',
    'an approval': `/approvals?approval=${approvals[0]?.id}`,
    handover: '/handover',
    'a past handover': `/handover/${handovers[0]?.id}`,
    account: '/account',
  }
  const desk = await openDeskAs(browser, server.url, manager, '/people')
  for (const [name, path] of Object.entries(paths)) {
    await goWithin(desk.page, path, '')
    await loadedWithin(desk.page)
    // The texts by which events name a department are those of the events.
    const meant = [...languageNames, ...(name === 'departments' ? departmentKeys : [])]
    expect([name, await desk.page.evaluate(chineseTexts, meant)]).toEqual([name, []])
  }
  await desk.press(/Account$/)
  await desk.page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
  expect(['the account menu', await desk.page.evaluate(chineseTexts, languageNames)]).toEqual(['the account menu', []])
  expect(desk.errors).toEqual([])
}, 120_000)
