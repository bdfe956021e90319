import { gzipSync } from 'node:zlib'
import { productVersion } from '@stagewatch/db/product-version.ts'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import { languagesFor } from '../harness/skip.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'
import { openDeskAs, windowsIn } from './desk-page.ts'

let server: PeopledServer
let viewer: Visitor
beforeAll(async () => {
  server = await startPeopled()
  viewer = await server.join('vera@example.com', { role: 'viewer' })
}, 60_000)
afterAll(() => server.close())

const sql = (text: string) => server.database.query(text)
beforeEach(async () => {
  await sql(`delete from installed_versions where version <> '${productVersion}'`)
  await sql(`delete from server_instances where version <> '${productVersion}'`)
})

test('a page that is older than the server says so, and waits until the person who types reloads it', async ({
  browser,
}) => {
  const desk = await openDeskAs(browser, server.url, viewer, '/account')
  let version = productVersion
  await desk.page.route('**/healthz', (route) => route.fulfill({ json: { status: 'ok', version } }))
  await desk.page.clock.install()
  await desk.page.reload()
  const afterMinute = async (): Promise<void> => {
    const asked = desk.page.waitForResponse('**/healthz')
    await desk.page.clock.fastForward(61_000)
    await asked
  }
  const notice = desk.page.getByText(/^The server now runs version/)
  const field = desk.page.getByLabel('Name', { exact: true })
  await field.fill('half a na')
  expect(await notice.count()).toBe(0)

  version = '9.1.0'
  await afterMinute()
  await desk.sees('The server now runs version 9.1.0. Reload the page to use it.')
  expect(await field.inputValue()).toBe('half a na')
  expect(await field.evaluate((element) => element === document.activeElement)).toBe(true)
  // During a rolling upgrade, the next answer comes from an instance of the old version.
  version = productVersion
  await afterMinute()
  expect(await notice.count()).toBe(1)

  const loaded = desk.page.waitForEvent('load')
  await desk.press('Reload')
  await loaded
  await field.waitFor()
  expect(await notice.count()).toBe(0)
  expect(desk.errors).toEqual([])
})

test.for(languagesFor('en'))(
  'administrators see what is being upgraded, others do not, in %s',
  async (language, { browser }) => {
    await sql(
      `insert into server_instances (id, version, newest_migration) values ('one', '9.1.0', 0), ('two', '9.1.0', 0)`,
    )
    for (const viewport of windowsIn(language)) {
      const desk = await openDeskAs(browser, server.url, server.ada, '/status', { viewport, language })
      await desk.sees(
        language === 'en'
          ? `Upgrade in progress: ${productVersion} on 1 server, 9.1.0 on 2 servers`
          : `正在升级：1 台服务器运行 ${productVersion}、2 台服务器运行 9.1.0`,
      )
      await desk.sees(language === 'en' ? 'The instances run different versions.' : '各实例的版本不同。')
      expect(await desk.page.getByText('9.1.0', { exact: true }).count()).toBe(2)
      expect(await desk.problems()).toEqual([])
      expect(await axeViolations(desk.page)).toEqual([])
      expect(desk.errors).toEqual([])
    }
    const other = await openDeskAs(browser, server.url, viewer, '/account', { language })
    await other.page.locator('#content').waitFor()
    expect(await other.page.getByText('9.1.0').count()).toBe(0)
  },
)

test('after an upgrade, an administrator is told once, and finds what is new in the package', async ({ browser }) => {
  await sql(`insert into installed_versions values ('0.0.9', now() - interval '3 days', 1, 1)`)
  const desk = await openDeskAs(browser, server.url, server.ada, '/sources')
  await desk.sees(`Stagewatch was upgraded from 0.0.9 to ${productVersion}.`)
  await desk.page.getByRole('link', { name: 'What is new' }).click()
  await desk.sees('Changes since version 0.0.9')
  await desk.page.locator('#whats-new summary').first().click()
  expect((await desk.page.locator('#whats-new li:visible').allInnerTexts()).length).toBeGreaterThan(2)
  await desk.page.reload()
  await desk.sees('Changes since version 0.0.9')
  expect(await desk.page.getByText(/^Stagewatch was upgraded/).count()).toBe(0)
  expect(desk.errors).toEqual([])
})

test('a script of another version is served like those of this one', async () => {
  const content = gzipSync('export const answer = 42').toString('base64')
  await sql(`insert into page_files (name, content) values ('desk-older.js', decode('${content}', 'base64'))`)
  const [page] = (await (await fetch(`${server.url}/sign-in`, { headers: { accept: 'text/html' } })).text()).matchAll(
    /src="(\/assets\/[^"]+\.js)"/g,
  )
  const own = await fetch(`${server.url}${page?.[1]}`)
  const other = await fetch(`${server.url}/assets/desk-older.js`)
  expect(await other.text()).toBe('export const answer = 42')
  for (const name of ['content-type', 'cache-control', 'x-content-type-options', 'cross-origin-resource-policy'])
    expect([name, other.headers.get(name)]).toEqual([name, own.headers.get(name)])
  expect((await fetch(`${server.url}/assets/desk-none.js`)).status).toBe(404)
})

test('a page whose script the server no longer has is loaded again by itself, once', async ({ browser }) => {
  const desk = await openDeskAs(browser, server.url, server.ada, '/sources')
  await desk.page.locator('#content').waitFor()
  let isGone = true
  let askedCount = 0
  await desk.page.route(/\/assets\/status-page[\w-]*\.js$/, (route) => {
    askedCount += 1
    return isGone ? route.fulfill({ status: 404, body: '' }) : route.continue()
  })
  await desk.page.evaluate(() => {
    history.pushState({}, '', '/status')
    dispatchEvent(new PopStateEvent('popstate'))
  })
  // The first request fails and causes a reload, after which it fails again.
  await desk.sees('This page could not be shown')
  await expect.poll(() => askedCount).toBeGreaterThan(1)
  await desk.sees('This page could not be shown')
  isGone = false
  await desk.press('Reload page')
  await desk.sees('What is new')
})
