import { afterAll, beforeAll, expect } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import type { Visitor } from '../identity/visitor.ts'
import { openDeskAs, windowsIn } from './desk-page.ts'
import { startDeskPlant } from './desk-plant.ts'
import type { DeskPlant } from './desk-plant.ts'

let plant: DeskPlant
let mei: Visitor

beforeAll(async () => {
  plant = await startDeskPlant()
  mei = await plant.join('mei@example.com', { role: 'manager' })
  await plant.database.query(
    `insert into channels (site, id, kind, name, enabled, settings, sealed, created_at)
     values ('main', 'mail', 'email', 'Shop', true, '{}'::jsonb, '', now())`,
  )
}, 60_000)
afterAll(() => plant.close())

test('a manager changes a text, sees it with the data of an order before saving it, and resets it', async ({
  browser,
}) => {
  const desk = await openDeskAs(browser, plant.url, mei, '/message-texts')
  const { page } = desk
  await desk.press('Edit: Alert about one order')
  await page.getByLabel('Title', { exact: true }).fill('Please look after {order')
  await desk.sees(/Title: /)
  await page.getByLabel('Title', { exact: true }).fill('Please look after {order}')
  const robot = page.getByRole('article', { name: 'Group chat (Markdown)' })
  await robot.getByText('Please look after').first().waitFor()
  await desk.sees(/Example with the data of /)
  await expect.poll(() => desk.problems()).toEqual([])
  expect(await axeViolations(page, 'main')).toEqual([])
  await desk.press('Save')
  await desk.sees('Changed')
  await desk.sees('Please look after {order}')
  await desk.press('Use standard text: Alert about one order')
  await desk.press('Use standard text')
  await expect.poll(() => page.getByText('Please look after {order}').count()).toBe(0)
  // The refused preview is the only request that failed.
  expect(desk.errors.filter((error) => !error.includes('400'))).toEqual([])
})

test('a manager switches on what customers are told, and both pages fit in both languages', async ({ browser }) => {
  const desk = await openDeskAs(browser, plant.url, mei, '/customer-news')
  const { page } = desk
  await page.getByRole('switch', { name: 'Send emails to customers' }).check({ force: true })
  await page.getByLabel('Sent through').selectOption('Shop')
  await desk.press('Save')
  await desk.sees('Customer notifications saved')
  expect(await axeViolations(page, 'main')).toEqual([])
  expect(desk.errors).toEqual([])
  await page.reload()
  await expect.poll(() => page.getByRole('switch', { name: 'Send emails to customers' }).isChecked()).toBe(true)
  for (const language of ['en', 'zh'] as const) {
    for (const viewport of windowsIn(language)) {
      for (const path of ['/customer-news', '/message-texts']) {
        const other = await openDeskAs(browser, plant.url, mei, path, { language, viewport })
        await other.page.locator('#content h2').first().waitFor()
        await expect.poll(() => other.problems()).toEqual([])
        const folder = process.env['STAGEWATCH_SHOTS']
        if (folder !== undefined) {
          await other.page.screenshot({ path: `${folder}${path}-${language}-${viewport.width}.png`, fullPage: true })
        }
        await other.context.close()
      }
    }
  }
})
