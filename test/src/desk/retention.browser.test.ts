import { afterAll, beforeAll, describe, expect } from 'vitest'
import { test } from '../harness/browser-test.ts'
import { sendEvents } from '../harness/send-events.ts'
import { administrator, password, startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { dayMs, endedOrders } from '../retention/archived-plant.ts'
import { openDesk } from './desk-page.ts'

describe('an administrator on the page Privacy', () => {
  let server: PeopledServer
  beforeAll(async () => {
    server = await startPeopled()
    const key = await server.createKey(['ingest'])
    await sendEvents(server.url, key, endedOrders('OLD', 12, Date.now() - 900 * dayMs))
  })
  afterAll(() => server.close())

  test('sets how long events are kept, archives, and sees on an order where its events are', async ({ browser }) => {
    const desk = await openDesk(browser, `${server.url}/sign-in?next=${encodeURIComponent('/privacy?site=main')}`)
    await desk.fill('Email', administrator)
    await desk.fill('Password', password)
    await desk.press('Sign in')
    const save = desk.page.getByRole('button', { name: 'Save' })
    await desk.page.getByLabel('Archive the events of ended orders').check()
    const months = desk.page.getByLabel('Months after the end of an order')
    expect(await months.inputValue()).toBe('24')
    await months.fill('0')
    await desk.sees('Enter a whole number from 1 to 600.')
    expect(await save.last().isDisabled()).toBe(true)
    await months.fill('12')
    await save.last().click()
    await desk.sees('Saved. Archiving begins within the hour.')
    await desk.press('Archive now')
    await desk.sees(/Last archived .*Orders: 12\./)
    await desk.sees(/Archived orders: 12 \(/)
    expect(await desk.problems()).toEqual([])

    await desk.page.goto(`${server.url}/orders/OLD-3?site=main`)
    await desk.sees(/Its events have been in the archive \d{4}-\d{2}-[0-9a-f]{16} since/)
    expect(desk.errors).toEqual([])
  })
})
