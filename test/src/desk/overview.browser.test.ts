import { kpis } from '@stagewatch/shared/contract/board.ts'
import { ordersAnswer } from '@stagewatch/shared/contract/orders.ts'
import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import { administrator } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'
import { isInTurn, languagesFor } from '../harness/skip.ts'
import { expectFocus, tabTo } from './keyboard-focus.ts'
import { openDeskAs, windowsIn } from './desk-page.ts'
import type { DeskPage } from './desk-page.ts'
import { planted, startDeskPlant } from './desk-plant.ts'
import type { DeskPlant } from './desk-plant.ts'

const hourMs = 3_600_000

let plant: DeskPlant
beforeAll(async () => {
  plant = await startDeskPlant()
}, 60_000)
afterAll(() => plant.close())

const openAs = (browser: Browser, visitor: Visitor, path: string, options: Parameters<typeof openDeskAs>[4] = {}) =>
  openDeskAs(browser, plant.url, visitor, path, options)

/** The cards at the top in their order: overdue, stalled, at risk, signed on time, open, lead time. */
const cards = ({ page }: DeskPage) => page.locator('#content ul').first().getByRole('link')
const row = ({ page }: DeskPage, order: string) => page.locator(`tr[data-order="${order}"]`)
/** The number of orders in the list, whether rendered or not. */
const listed = async ({ page }: DeskPage) =>
  Number(await page.locator('#content table').getAttribute('aria-rowcount')) - 1
const chosenTab = ({ page }: DeskPage) => page.locator('#content button[aria-pressed="true"]')
/** The cell of a stage for today. */
const today = ({ page }: DeskPage, stage: string) =>
  page
    .getByRole('row', { name: new RegExp(`^${stage}`) })
    .getByRole('gridcell')
    .last()

/** The text of a card without its title. */
async function lines(card: Locator): Promise<string> {
  const texts = (await card.innerText()).split('\n').map((text) => text.trim())
  return texts
    .slice(1)
    .filter((text) => text !== '')
    .join(' | ')
}

const scrolledTo = ({ page }: DeskPage) => page.evaluate(() => window.scrollY)

describe('the figures of the overview', () => {
  for (const who of ['ada', 'lead'] as const) {
    test(`are exactly those of the wall that ${who} sees`, async ({ browser }) => {
      const reply = await plant[who].call('/api/v1/kpis')
      const wall = kpis.parse(reply.body)
      const desk = await openAs(browser, plant[who], '/overview?range=today')
      await cards(desk).nth(5).waitFor()
      const { overdue, stalled, atRisk, open, onTime, leadTime } = wall
      const shown = await Promise.all([0, 1, 2, 3, 4].map((place) => lines(cards(desk).nth(place))))
      expect(shown).toEqual([
        expect.stringContaining(
          `${overdue.count} | ${overdue.unclaimed} unclaimed${who === 'ada' ? ` · ceiling ${overdue.ceiling}` : ''} | 24 h ago ${overdue.previousDay} `,
        ),
        expect.stringContaining(`${stalled.count} | of ${stalled.judged} with a stall limit | 24 h ago `),
        // A number is on the same line as its unit.
        expect.stringContaining(`${atRisk.count} | ${atRisk.soon} reach their limit within 2\u00a0h | 24 h ago `),
        expect.stringContaining(`goal 90% · ${onTime.onTime} / ${onTime.signed}`),
        `${open.count} | ${open.inToday} in · ${open.outToday} out`,
      ])
      await desk.page.goto(`${plant.url}/overview?range=7d`)
      await cards(desk).nth(5).waitFor()
      expect(await lines(cards(desk).nth(5))).toContain(`${((leadTime.medianMs ?? 0) / hourMs).toFixed(1)} | h`)
      expect(desk.errors).toEqual([])
    })
  }

  test('match the orders that were sent', async ({ browser }) => {
    const desk = await openAs(browser, plant.ada, '/overview')
    await cards(desk).nth(5).waitFor()
    const shown = await Promise.all([0, 1, 2, 3, 4].map((place) => lines(cards(desk).nth(place))))
    const { lateInCut, lateInSew, unclaimed, stalled, atRisk, fine, signed } = planted
    const open = lateInCut + lateInSew + stalled + atRisk + fine
    expect(shown.map((text) => text.split(' | ')[0])).toEqual([
      String(lateInCut + lateInSew),
      String(stalled),
      String(atRisk),
      // 10 of 12 were on time, which is below the goal of 90 %.
      '▼6.7',
      String(open),
    ])
    expect(shown[0]).toContain(`${unclaimed} unclaimed`)
    expect(shown[4]).toContain(`${open + signed} in · ${signed} out`)
    await desk.page.getByRole('link', { name: `Overdue and unclaimed ${unclaimed}` }).waitFor()
    await desk.page.getByRole('link', { name: `Stalled orders ${stalled}` }).waitFor()
  })

  test('cover the departments of a lead, and no others', async ({ browser }) => {
    const desk = await openAs(browser, plant.lead, '/overview')
    await cards(desk).nth(5).waitFor()
    expect(await lines(cards(desk).nth(0))).toContain(`${(planted.lateInCut + planted.lateInSew) / 3} | `)
    expect(await desk.page.locator('#content section').allInnerTexts()).not.toContainEqual(
      expect.stringContaining('sales'),
    )
    await cards(desk).nth(0).click()
    await row(desk, 'CUT-000').waitFor()
    expect(await listed(desk)).toBe((planted.lateInCut + planted.lateInSew) / 3)
    // A department in the address that the viewer may not see matches nothing.
    await desk.page.goto(`${plant.url}/overview?department=sales`)
    await desk.sees('No orders match')
    expect(await desk.page.locator('#content').innerText()).not.toContain('CUT-001')
  })
})

const words = {
  zh: { cutting: '裁剪', seeThese: '查看这 45 单', seeNow: '查看此处当前超时的订单' },
  en: { cutting: 'Cutting', seeThese: 'See these 45 orders', seeNow: 'See the orders that are overdue here now' },
}

test('the heat map says whether its breach share is of open orders or of finished visits', async ({ browser }) => {
  for (const [visitor, path, what] of [
    [plant.ada, '/overview', 'Breach share of open orders'],
    [plant.ada, '/overview?customer=Acme', 'Breach share of finished visits'],
    [plant.lead, '/overview', 'Breach share of finished visits'],
  ] as const) {
    const desk = await openAs(browser, visitor, path)
    await desk.page.getByRole('heading', { name: `Bottlenecks ${what}` }).waitFor()
    await desk.page.getByRole('grid', { name: `Bottlenecks: ${what}` }).waitFor()
    const map = desk.page.getByRole('region', { name: 'Bottlenecks' })
    await map.getByRole('button', { name: 'Table' }).click()
    await map.getByRole('table', { name: `Bottlenecks: ${what}` }).waitFor()
  }
})

describe.each(languagesFor('zh'))('in %s', (language) => {
  const { cutting, seeThese, seeNow } = words[language]

  test('a figure leads to its orders and to one of them in three clicks, and Back restores each position', async ({
    browser,
  }) => {
    const desk = await openAs(browser, plant.ada, '/overview?metric=wip', {
      language,
      viewport: { width: 1440, height: 500 },
    })
    await cards(desk).nth(5).waitFor()
    await today(desk, cutting).waitFor()
    await desk.page.mouse.move(700, 300)
    await desk.page.mouse.wheel(0, 60)
    await expect.poll(() => scrolledTo(desk)).toBe(60)
    await cards(desk).nth(0).click()
    await row(desk, 'CUT-000').waitFor()
    expect(await chosenTab(desk).innerText()).toContain(String(planted.lateInCut + planted.lateInSew))
    await row(desk, 'CUT-002').click()
    await desk.page.getByRole('heading', { name: 'CUT-002' }).waitFor()
    await desk.page.goBack()
    await row(desk, 'CUT-002').waitFor()
    expect(await row(desk, 'CUT-002').getAttribute('aria-current')).toBe('true')
    await desk.page.goBack()
    await cards(desk).nth(5).waitFor()
    expect(new URL(desk.page.url()).search).toBe('?metric=wip')
    await expect.poll(() => scrolledTo(desk)).toBe(60)
    expect(desk.errors).toEqual([])
  })

  test('the same way is open to the keyboard alone: the focus is always visible, and Back restores it', async ({
    browser,
  }) => {
    const desk = await openAs(browser, plant.ada, '/overview?metric=wip', {
      language,
      viewport: { width: 1440, height: 500 },
    })
    const { keyboard } = desk.page
    await cards(desk).nth(5).waitFor()
    await today(desk, cutting).waitFor()
    await tabTo(desk, cards(desk).nth(0))
    const scrolled = await scrolledTo(desk)
    await keyboard.press('Enter')
    await row(desk, 'CUT-000').waitFor()
    expect(await chosenTab(desk).innerText()).toContain(String(planted.lateInCut + planted.lateInSew))

    // The status tabs and the titles of the columns come before the rows.
    await tabTo(desk, chosenTab(desk))
    await keyboard.press('Enter')
    const orders = await desk.page
      .locator('tr[data-order]')
      .evaluateAll((rows) => rows.map((one) => one.dataset['order']))
    expect(orders.length).toBeGreaterThan(14)
    for (const order of orders.slice(0, 15)) {
      await keyboard.press('j')
      await expectFocus(desk, row(desk, order!).getByRole('link'))
    }
    await keyboard.press('k')
    const chosen = orders[13]!
    await expectFocus(desk, row(desk, chosen).getByRole('link'))
    const scrolledInList = await scrolledTo(desk)
    expect(scrolledInList).toBeGreaterThan(0)
    await keyboard.press('Enter')
    await desk.page.getByRole('heading', { name: chosen }).waitFor()
    // From order to order, and back to the list.
    await keyboard.press('j')
    await desk.page.getByRole('heading', { name: orders[14]! }).waitFor()
    await keyboard.press('k')
    await desk.page.getByRole('heading', { name: chosen }).waitFor()
    const crumb = desk.page.locator('#content nav a').first()
    await tabTo(desk, crumb)

    await desk.page.goBack()
    await row(desk, chosen).waitFor()
    await expectFocus(desk, row(desk, chosen).getByRole('link'))
    expect(await row(desk, chosen).getAttribute('aria-current')).toBe('true')
    await expect.poll(() => scrolledTo(desk)).toBe(scrolledInList)
    await desk.page.goBack()
    await cards(desk).nth(5).waitFor()
    await expectFocus(desk, cards(desk).nth(0))
    await expect.poll(() => scrolledTo(desk)).toBe(scrolled)
    expect(desk.errors).toEqual([])
  })

  test('a figure opens beside the page with the middle button, and its orders are loaded under the pointer', async ({
    browser,
  }) => {
    const desk = await openAs(browser, plant.ada, '/overview', { language })
    const asked = desk.page.waitForRequest((request) => request.url().includes('/api/v1/orders?status=overdue'))
    await cards(desk).nth(0).hover()
    await asked
    const opened = desk.page.context().waitForEvent('page')
    await cards(desk).nth(0).click({ button: 'middle' })
    const beside = await opened
    await beside.waitForURL(/\/orders\?status=overdue/)
    expect(new URL(desk.page.url()).pathname).toBe('/overview')
    await beside.close()
  })

  test('a cell explains itself to mouse and keyboard users, and leads to as many orders as it counts', async ({
    browser,
  }) => {
    const desk = await openAs(browser, plant.ada, '/overview', { language })
    await today(desk, cutting).hover()
    const link = desk.page.getByRole('link', { name: seeThese })
    await link.waitFor()
    await desk.sees(`${planted.lateInCut} `)
    await desk.page.mouse.move(5, 5)
    await link.waitFor({ state: 'detached' })

    await today(desk, cutting).hover()
    await link.click()
    await row(desk, 'CUT-000').waitFor()
    expect(await listed(desk)).toBe(45)
    expect(await chosenTab(desk).innerText()).toContain('45')
    await desk.page.goBack()

    await today(desk, cutting).focus()
    await link.waitFor()
    const described = await today(desk, cutting).getAttribute('aria-describedby')
    expect(await desk.page.locator(`[id="${described}"]`).innerText()).toContain(seeThese)
    // Past values link to no list, because a list shows the present.
    await desk.page.keyboard.press('ArrowLeft')
    await desk.page.getByRole('link', { name: seeNow }).waitFor()
    await desk.page.keyboard.press('Escape')
    await desk.page.getByRole('link', { name: seeNow }).waitFor({ state: 'detached' })
    await desk.page.keyboard.press('ArrowRight')
    await link.waitFor()
    await desk.page.keyboard.press('Tab')
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true)
    await desk.page.keyboard.press('Enter')
    await row(desk, 'CUT-000').waitFor()
    expect(await listed(desk)).toBe(45)
    await desk.page.goBack()
    await today(desk, cutting).focus()
    await desk.page.keyboard.press('Enter')
    await row(desk, 'CUT-000').waitFor()
    expect(new URL(desk.page.url()).search).toBe('?status=overdue&stage=cut')
    expect(desk.errors).toEqual([])
  })
})

describe('the choice of days and orders', () => {
  test('is in the address, survives a reload, and goes with a copied link', async ({ browser }) => {
    const desk = await openAs(browser, plant.ada, '/overview?nonsense=1&range=century')
    await desk.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await cards(desk).nth(5).waitFor()
    await desk.page.getByLabel('Time', { exact: true }).selectOption('7d')
    await desk.page.waitForURL((url) => url.searchParams.get('range') === '7d')
    await desk.press('Filter')
    await desk.page.getByRole('menuitem', { name: 'Customer', exact: true }).click()
    await desk.page.getByLabel('Acme').check()
    await desk.page.getByLabel('Beta').check()
    await desk.page.waitForURL((url) => url.searchParams.getAll('customer').join() === 'Acme,Beta')
    await desk.page.keyboard.press('Escape')
    await desk.page.getByLabel('Rows', { exact: true }).selectOption('product')
    await desk.page.getByText('Finished', { exact: true }).click()
    await desk.page.waitForURL((url) => url.searchParams.get('metric') === 'visits')
    const answer = await plant.ada.call('/api/v1/orders?status=overdue&customer=Acme&customer=Beta')
    const { total } = ordersAnswer.parse(answer.body)
    await expect.poll(() => lines(cards(desk).nth(0))).toContain(`${total} | `)
    const address = desk.page.url()

    await desk.page.reload()
    await expect.poll(() => lines(cards(desk).nth(0))).toContain(`${total} | `)
    expect(await desk.page.getByLabel('Time', { exact: true }).inputValue()).toBe('7d')
    expect(await desk.page.getByLabel('Rows', { exact: true }).inputValue()).toBe('product')
    await desk.page.getByRole('row', { name: /^Coat/ }).waitFor()
    expect(await desk.page.getByRole('button', { name: 'Customer 2' }).count()).toBe(1)

    await desk.press('Copy link')
    await desk.sees('Copied')
    expect(await desk.page.evaluate(() => navigator.clipboard.readText())).toBe(address)
    // The link of a figure keeps its filters.
    await cards(desk).nth(0).click()
    await desk.page.locator('tr[data-order]').first().waitFor()
    expect(await listed(desk)).toBe(total)
    await desk.page.goBack()
    await desk.press('Clear filters')
    await desk.page.waitForURL((url) => !url.searchParams.has('customer') && !url.searchParams.has('range'))
  })
})

describe('the heat map', () => {
  test('keeps its content until the response arrives, while the controls already show the selection', async ({
    browser,
  }) => {
    const desk = await openAs(browser, plant.ada, '/overview')
    await today(desk, 'Cutting').waitFor()
    const answered = Promise.withResolvers<void>()
    await desk.page.route(/\/stages\/heatmap\?.*columns=weekday/, async (route) => {
      await answered.promise
      await route.continue()
    })
    const asked = desk.page.waitForRequest(/columns=weekday.*metric=visits|metric=visits.*columns=weekday/)
    await desk.page.getByLabel('Columns', { exact: true }).selectOption('weekday')
    await desk.page.getByText('Finished', { exact: true }).click()
    await asked
    expect(await desk.page.getByLabel('Columns', { exact: true }).inputValue()).toBe('weekday')
    expect(await desk.page.getByRole('radio', { name: 'Finished' }).isChecked()).toBe(true)
    const heat = desk.page.getByRole('grid', { name: /Breach share/ })
    expect(
      await heat
        .getByRole('row', { name: /^Cutting/ })
        .getByRole('gridcell')
        .count(),
    ).toBe(14)
    answered.resolve()
    const shown = desk.page.getByRole('grid', { name: /Finished/ })
    await shown.getByRole('columnheader', { name: 'Monday' }).waitFor()
    expect(
      await shown
        .getByRole('row', { name: /^Cutting/ })
        .getByRole('gridcell')
        .count(),
    ).toBe(7)
    expect(desk.errors).toEqual([])
  })

  test('has one stop for the tab key, which is the newest column again when the columns are others', async ({
    browser,
  }) => {
    const desk = await openAs(browser, plant.ada, '/overview')
    await today(desk, 'Cutting').focus()
    await desk.page.keyboard.press('ArrowLeft')
    const stop = desk.page.locator('[data-place][tabindex="0"]')
    expect(await stop.getAttribute('data-place')).toBe('0.12')
    expect(await stop.count()).toBe(1)
    await desk.page.getByLabel('Time', { exact: true }).selectOption('30d')
    await desk.page.locator('[data-place="0.29"][tabindex="0"]').waitFor()
    expect(await stop.count()).toBe(1)
  })
})

describe.each(['zh', 'en'] as const)('in %s', (language) => {
  for (const viewport of windowsIn(language)) {
    test(`no text is cut off or overlaps, and everything is accessible: ${viewport.width} px`, async ({ browser }) => {
      const desk = await openAs(browser, plant.ada, '/orders', { language, viewport })
      await plant.server.sites.getOrCreate('outlet')
      await plant.database.query(
        `insert into memberships (site, user_id, role) select 'outlet', id, 'administrator' from users where email = $1 on conflict do nothing`,
        [administrator],
      )
      const paths = [
        '/overview',
        '/overview?metric=p50&rows=customer&cols=hour',
        '/overview?from=2026-01-01&to=2026-01-31&product=Coat',
        '/overview?customer=Nobody',
        '/overview?site=outlet',
      ]
      for (const [place, path] of paths.entries()) {
        await desk.page.goto(plant.url + path)
        // A site without orders shows how to create the first one.
        const isEmpty = path.includes('outlet')
        await (isEmpty ? desk.page.locator('#content pre').first() : cards(desk).nth(5)).waitFor()
        if (!isEmpty) await desk.page.locator('#heat').waitFor()
        await desk.page.evaluate(() => document.fonts.ready)
        expect([path, await desk.problems()]).toEqual([path, []])
        const barriers = isInTurn(place, Number(language === 'en')) ? await axeViolations(desk.page) : []
        expect([path, barriers]).toEqual([path, []])
      }
      expect(desk.errors).toEqual([])
    })
  }
})
