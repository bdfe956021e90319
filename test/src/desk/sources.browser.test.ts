import { afterAll, beforeAll, expect } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import { call } from '../http/call.ts'
import { someEvent } from '../http/some-event.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { openDeskAs, windowsIn } from './desk-page.ts'

let server: PeopledServer
let key: string

beforeAll(async () => {
  server = await startPeopled()
  await saveStages('pick')
  key = await server.createKey(['ingest'])
  await send([event('pick'), event('pack'), event('pack'), { ...event('pick'), order: undefined }])
}, 60_000)
afterAll(() => server.close())

async function saveStages(...codes: readonly string[]): Promise<void> {
  const stages = codes.map((code) => ({ code, name: { en: code }, warnAtRatio: 0.8, toleranceRatio: 0.1 }))
  const process = { code: 'default', name: { en: 'Orders' }, stages, acceptsNewStages: false, goals: {} }
  await (await server.server.sites.get('main')).saveProcess(process)
}

function event(stage: string) {
  return someEvent({ source: 'wms-hall-2', stage })
}

async function send(events: readonly unknown[]): Promise<void> {
  expect((await call(`${server.url}/api/v1/events`, { key, body: events })).status).toBe(200)
}

test('a source gets a name and a reporting interval, and its rejected events are retried', async ({ browser }) => {
  const desk = await openDeskAs(browser, server.url, server.ada, '/sources')
  await desk.press('Edit: wms-hall-2')
  await desk.fill('Name (English)', 'Warehouse, hall 2')
  await desk.page.getByLabel('Expected to report').selectOption('Expected every 10m')
  await desk.press('Save')
  await desk.sees('Warehouse, hall 2')
  await desk.sees('Expected every 10m')
  await desk.page.reload()
  await desk.sees('Warehouse, hall 2')

  // A rejected event is shown in its raw form.
  await desk.sees('The process has no such stage.')
  await desk.press(/^Show events: The process has no such stage/)
  expect(
    await desk.page
      .getByLabel(/ as it came$/)
      .first()
      .inputValue(),
  ).toContain('"stage":"pack"')
  // Changes since then are counted separately.
  await send([event('pack')])
  await expect.poll(() => desk.page.locator('section li strong').first().innerText(), { timeout: 15_000 }).toBe('3')
  await saveStages('pick', 'pack')
  await desk.press(/^Retry: A required field is missing/)
  await desk.sees('Accepted: 0 · still rejected: 1')
  await desk.press(/^Dismiss: A required field is missing/)
  await desk.sees('1 event is deleted for good.')
  await desk.page.locator('#content').getByRole('button', { name: 'Dismiss', exact: true }).click()
  await desk.sees('No events are waiting.')
  const { body } = await call(`${server.url}/api/v1/orders`, { key: await server.createKey(['read']) })
  expect(body).toMatchObject({ total: 4 })
  expect(desk.errors).toEqual([])
})

test('the page of sources is only for those who manage the site', async ({ browser }) => {
  const lead = await server.join('lead@example.com', { role: 'lead', departments: ['store'] })
  const desk = await openDeskAs(browser, server.url, lead, '/sources')
  await desk.sees('You do not have access to this page')
  expect(await desk.page.getByRole('link', { name: 'Data sources' }).count()).toBe(0)
})

for (const language of ['zh', 'en'] as const) {
  for (const viewport of windowsIn(language)) {
    test(`no text is cut off, and everything is accessible: ${language}, ${viewport.width} px`, async ({ browser }) => {
      await send([{ ...event('pick'), order: undefined }])
      const desk = await openDeskAs(browser, server.url, server.ada, '/sources', { language, viewport })
      await desk.page.locator('#content li button').first().click()
      await desk.page.locator('#content textarea').first().waitFor()
      await desk.page.locator('#content td button').first().click()
      await desk.page.locator('#content form').waitFor()
      expect(await desk.problems()).toEqual([])
      expect(await axeViolations(desk.page)).toEqual([])
      expect(desk.errors).toEqual([])
    })
  }
}
