import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import { isInTurn, languagesFor } from '../harness/skip.ts'
import type { Visitor } from '../identity/visitor.ts'
import { openDeskAs, windowsIn } from './desk-page.ts'
import type { DeskPage } from './desk-page.ts'
import { ago, startDeskPlant } from './desk-plant.ts'
import type { DeskPlant } from './desk-plant.ts'

let plant: DeskPlant
beforeAll(async () => {
  plant = await startDeskPlant()
}, 60_000)
afterAll(() => plant.close())

const openAs = (browser: Browser, visitor: Visitor, path: string, options: Parameters<typeof openDeskAs>[4] = {}) =>
  openDeskAs(browser, plant.url, visitor, path, options)

/** The first column and the number of visits of each row of the time table. */
async function spent({ page }: DeskPage): Promise<string[]> {
  const rows = page.locator('section[aria-labelledby="time-spent"] tbody tr')
  await rows.first().waitFor()
  return rows.evaluateAll((all) => all.map((row) => `${row.children[0]?.textContent} ${row.children[2]?.textContent}`))
}

/** The same figures, counted in the database. */
async function counted(name: string, where = 'true'): Promise<string[]> {
  const rows = await plant.database.query<{ name: string; n: number }>(
    `select ${name} as name, count(*)::int as n from visits join orders using (site, order_id)
     where site = 'main' and left_at is not null and not cancelled and ${where} group by 1`,
  )
  return rows.map(({ name: of, n }) => `${of} ${n}`).toSorted()
}

const stageNames = `case stage when 'cut' then 'Cutting' when 'sew' then 'Sewing' else 'Packing' end`

test('a manager finds out where the time goes, and comes from there to the orders', async ({ browser }) => {
  const desk = await openAs(browser, plant.ada, '/overview')
  await desk.page.locator('#heat').waitFor()
  await desk.page.keyboard.press('g')
  await desk.page.keyboard.press('n')
  expect((await spent(desk)).toSorted()).toEqual(await counted(stageNames))
  const cutting = desk.page.getByRole('link', { name: /^Cutting: \d+ finished visits?$/ })
  const visits = await cutting.textContent()
  await cutting.click()
  const listed = desk.page.locator('section[aria-labelledby="visits"] tbody tr')
  await listed.first().waitFor()
  expect(await listed.count()).toBe(Number(visits))
  await desk.page.goBack()
  await spent(desk)
  await desk.page.getByRole('combobox', { name: 'Rows' }).selectOption('customer')
  await desk.page.locator('tbody th', { hasText: 'Acme' }).waitFor()
  expect((await spent(desk)).toSorted()).toEqual(await counted('customer'))
  const ofAcme = desk.page.getByRole('link', { name: /^Acme: \d+ finished visits?$/ })
  const acmeVisits = await ofAcme.textContent()
  await ofAcme.click()
  await listed.first().waitFor()
  expect(await listed.count()).toBe(Number(acmeVisits))
  await desk.page.goBack()
  await spent(desk)
  await desk.page.getByRole('button', { name: 'Customer' }).click()
  await desk.page.locator('th[aria-sort="ascending"]').waitFor()
  expect((await spent(desk)).map((row) => row.split(' ')[0])).toEqual(['Acme', 'Beta', 'Delta', 'Gamma'])
  await desk.page.getByRole('link', { name: 'Open orders: Acme' }).click()
  await desk.page.locator('tr[data-order]').first().waitFor()
  expect(new URL(desk.page.url()).search).toBe('?status=open&customer=Acme')
  expect(desk.errors).toEqual([])
})

test('a manager sees how much of the time orders waited, as bars and as a table', async ({ browser }) => {
  const data = { customer: 'Waiting room', department: 'sales' }
  await plant.send([
    ago(30, 'WAIT-1', 'stage.entered', { stage: 'cut', data }),
    ago(24, 'WAIT-1', 'stage.started', { stage: 'cut', data: { waitingFor: 'material' } }),
    ago(22, 'WAIT-1', 'order.held', { data: { waitingFor: 'material' } }),
    ago(20, 'WAIT-1', 'order.resumed'),
    ago(18, 'WAIT-1', 'stage.completed', { stage: 'cut' }),
  ])
  const desk = await openAs(browser, plant.ada, '/analysis?rows=customer&clock=elapsed&customer=Waiting room')
  const parts = desk.page.locator('section[aria-labelledby="time-parts"]')
  await parts.locator('tbody tr').waitFor()
  expect(await parts.locator('dl').allInnerTexts()).toEqual([
    expect.stringMatching(/Working\s+33%\s+Waiting\s+50%\s+On hold\s+17%\s+What it waited for\s+Material 2 h/),
  ])
  // One visit says little.
  expect(await parts.locator('tbody td[data-few]').allInnerTexts()).toEqual(['33%'])
  await parts.getByText('Grey: fewer than 30').waitFor()
  await parts.getByRole('button', { name: 'Table' }).click()
  await parts.locator('td', { hasText: '4 h · 33%' }).waitFor()
  const cells = await parts.locator('tbody tr > *').allInnerTexts()
  expect(cells).toEqual(['Waiting room', '12 h', '4 h · 33%', '6 h · 50%', '2 h · 17%', '2 h', '1'])
  await parts.getByRole('link', { name: 'Waiting room: 1 finished visit' }).click()
  await desk.page.locator('section[aria-labelledby="visits"] tbody tr').waitFor()
  expect(desk.errors).toEqual([])
})

test('a lead sees the time of their own department, and no other', async ({ browser }) => {
  const desk = await openAs(browser, plant.lead, '/analysis?rows=department')
  expect(await spent(desk)).toEqual(
    await counted(`'store'`, `coalesce(visits.department, orders.department) = 'store'`),
  )
})

describe.each(['zh', 'en'] as const)('in %s', (language) => {
  for (const viewport of windowsIn(language)) {
    test(`no text is cut off or overlaps, and everything is accessible: ${viewport.width} px`, async ({ browser }) => {
      const desk = await openAs(browser, plant.ada, '/orders', { language, viewport })
      const partOf = {
        '/analysis': '.chart svg',
        '/analysis?rows=hourOfDay&scale=linear&clock=elapsed': '.chart svg',
        '/analysis?customer=Nobody': '#content h2',
        '/analysis/flow': '.chart svg',
        '/analysis/flow?stage=cut&columns=hour&range=today': '.chart svg',
        '/analysis/lag?by=actor': '#lag-hours',
        '/analysis/visits?stage=cut&weekday=1': '#visits',
        '/analysis/visits?customer=Acme': '#visits',
      }
      for (const [place, [path, part]] of Object.entries(partOf).entries()) {
        await desk.page.goto(plant.url + path)
        await desk.page.locator(part).first().waitFor()
        await desk.page.evaluate(() => document.fonts.ready)
        expect([path, await desk.problems()]).toEqual([path, []])
        const barriers = isInTurn(place, Number(language === 'en')) ? await axeViolations(desk.page) : []
        expect([path, barriers]).toEqual([path, []])
      }
      expect(desk.errors).toEqual([])
    })
  }
})

for (const language of languagesFor('en')) {
  test(`paths, outliers and comparisons are accessible: ${language}`, async ({ browser }) => {
    // Comparisons leave out today, on which all other visits have ended in the evening.
    await plant.send([
      ago(60, 'COMPARED', 'stage.entered', { stage: 'cut' }),
      ago(50, 'COMPARED', 'stage.entered', { stage: 'sew' }),
    ])
    const desk = await openAs(browser, plant.ada, '/analysis/paths', { language })
    const { page } = desk
    // The plant signs orders that were in one stage only, so their other stages were skipped.
    const skipped = page.locator('section[aria-labelledby="path-deviations"] td a').first()
    await skipped.waitFor()
    const orders = await skipped.textContent()
    expect(await axeViolations(page)).toEqual([])
    await skipped.click()
    const listed = page.locator('#path-orders tbody tr')
    await listed.first().waitFor()
    expect(await listed.count()).toBe(Number(orders))
    for (const [path, part] of [
      ['outliers', '#content h2'],
      ['compare', '#compare-stages'],
      ['visits?stage=cut', '#visits'],
    ] as const) {
      await page.goto(`${plant.url}/analysis/${path}`)
      await page.locator(part).first().waitFor()
      expect(await axeViolations(page)).toEqual([])
    }
    expect(desk.errors).toEqual([])
  })
}
