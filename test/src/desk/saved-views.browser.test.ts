import { afterAll, beforeAll, expect } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import { call } from '../http/call.ts'
import { someEvent } from '../http/some-event.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { openDeskAs, phone } from './desk-page.ts'

let server: PeopledServer

beforeAll(async () => {
  server = await startPeopled()
  const key = await server.createKey(['ingest'])
  const body = ['Acme', 'Beta'].map((customer) => someEvent({ data: { customer } }))
  expect((await call(`${server.url}/api/v1/events`, { key, body })).body).toMatchObject({ accepted: 2 })
}, 60_000)
afterAll(() => server.close())

test('a view is saved, shared, opened by somebody else, and deleted', async ({ browser }) => {
  const lead = await server.join('lead@example.com', { role: 'lead' })
  const ada = await openDeskAs(browser, server.url, server.ada, '/orders?customer=Acme&sort=age')
  await ada.press('Views')
  await ada.sees('No saved views yet.')
  await ada.fill('Save what is shown as', 'Acme, oldest first')
  await ada.page.getByLabel('Share with others of this site').check()
  await ada.press('Save view')
  await ada.sees('View “Acme, oldest first” saved')
  expect(await axeViolations(ada.page)).toEqual([])

  const other = await openDeskAs(browser, server.url, lead, '/orders', { viewport: phone, language: 'zh' })
  await other.page.locator('tr[data-order]').nth(1).waitFor()
  await other.press('视图')
  expect(await other.problems()).toEqual([])
  await other.press(/^Acme, oldest first/)
  await other.page.waitForURL(/customer=Acme/)
  expect(new URL(other.page.url()).searchParams.get('sort')).toBe('age')
  await expect.poll(() => other.page.locator('tr[data-order]').count()).toBe(1)

  await ada.press('Delete view Acme, oldest first')
  await ada.sees('No saved views yet.')
  // The saved views of one page do not appear on the other.
  await ada.page.goto(`${server.url}/overview?range=7d&rows=customer`)
  await ada.press('Views')
  await ada.fill('Save what is shown as', 'A week by customer')
  await ada.press('Save view')
  await ada.page.goto(`${server.url}/overview`)
  await ada.press('Views')
  await ada.press('A week by customer')
  await ada.page.waitForURL(/range=7d/)
  expect(ada.page.url()).toContain('rows=customer')
  await ada.page.goto(`${server.url}/orders`)
  await ada.press('Views')
  await ada.sees('No saved views yet.')
  expect([...ada.errors, ...other.errors]).toEqual([])
})
