import { afterAll, beforeAll, expect } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import { call } from '../http/call.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { openDeskAs, windowsIn } from './desk-page.ts'

let server: PeopledServer

beforeAll(async () => {
  server = await startPeopled()
}, 60_000)
afterAll(() => server.close())

test('the first-run page says who may connect a system to those who may not', async ({ browser }) => {
  const lead = await server.join('lead@example.com', { role: 'lead' })
  const desk = await openDeskAs(browser, server.url, lead, '/overview')
  await desk.sees('No orders here yet')
  await desk.sees('Administrator can connect one.')
  expect(await desk.page.getByRole('button', { name: 'Create an API key' }).count()).toBe(0)
})

for (const language of ['zh', 'en'] as const) {
  for (const viewport of windowsIn(language)) {
    test(`no text is cut off, and everything is accessible: ${language}, ${viewport.width} px`, async ({ browser }) => {
      const desk = await openDeskAs(browser, server.url, server.ada, '/overview', { language, viewport })
      await desk.page.locator('#content pre').first().waitFor()
      expect(await desk.problems()).toEqual([])
      expect(await axeViolations(desk.page)).toEqual([])
      expect(desk.errors).toEqual([])
    })
  }
}

test('the first event, sent with the command on the page, turns it into the overview', async ({ browser }) => {
  const desk = await openDeskAs(browser, server.url, server.ada, '/overview')
  await desk.press('Create an API key')
  await desk.sees('Waiting for the first event.')
  const command = await desk.page.locator('pre', { hasText: 'curl' }).innerText()
  const [, address = ''] = /curl (\S+)/.exec(command) ?? []
  const [, key = ''] = /Bearer (\S+)'/.exec(command) ?? []
  const [, body = ''] = /-d '(.+)'/s.exec(command) ?? []
  expect((await call(address, { key, body: JSON.parse(body) as unknown })).body).toMatchObject({ accepted: 1 })
  await desk.page.getByText('Waiting for the first event.').waitFor({ state: 'detached' })
  await expect.poll(() => desk.page.locator('#content').innerText()).toContain('Open orders')
  expect(desk.errors).toEqual([])
})
