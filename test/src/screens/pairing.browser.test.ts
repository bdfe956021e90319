import { screenList } from '@stagewatch/shared/contract/screen.ts'
import type { Screen } from '@stagewatch/shared/contract/screen.ts'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { test } from '../harness/browser-test.ts'
import { pageProblems } from '../harness/page-check.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from '../http/call.ts'
import { approve, pairScreen } from './pair-screen.ts'
import { eventually } from '../harness/eventually.ts'

let server: StartedServer
let lead: string
let page: Page
const errors: string[] = []

beforeAll(async () => {
  // Only a server without a public URL allows anonymous reads from this machine.
  server = await startServer({ variables: { PUBLIC_URL: 'https://wall.example' } })
  lead = await server.createKey(['admin'])
})
afterAll(async () => {
  await server.close()
})
test.beforeEach(async ({ browser }) => {
  errors.length = 0
  page = await browser.newPage({ viewport: { width: 1_920, height: 1_080 }, locale: 'zh-CN' })
  page.on('pageerror', (error) => errors.push(String(error)))
})
afterEach(async () => {
  await page.close()
  expect(errors).toEqual([])
})

/** A page of the same origin that runs no wall. */
const off = '/healthz'
const code = () => page.locator('.pairing__code')
const wall = () => page.locator('.stage').first()
const pass = () => page.evaluate(() => localStorage.getItem('stagewatch.screen'))
const token = async () => (JSON.parse((await pass()) ?? '{}') as { token?: string }).token

async function shownCode(): Promise<string> {
  await code().waitFor()
  return (await code().getAttribute('aria-label')) ?? ''
}

/** A wall that was paired earlier, with its stored token and settings. */
async function openPairedWall(name: string, settings: object = {}): Promise<Screen> {
  const { token: given, screen: self } = await pairScreen(server, lead, { name, settings })
  await page.goto(`${server.url}${off}`)
  await page.evaluate((kept) => localStorage.setItem('stagewatch.screen', kept), JSON.stringify({ token: given, self }))
  await page.goto(`${server.url}/wall`)
  await wall().waitFor()
  return eventually(async () => {
    const screen = await listed(self.id)
    if (screen?.report === undefined) throw new Error('it has not reported yet')
    return screen
  })
}

async function listed(id: string): Promise<Screen | undefined> {
  return (await list()).screens.find((screen) => screen.id === id)
}

async function list() {
  return screenList.parse((await call(`${server.url}/api/v1/screens`, { key: lead })).body)
}

const ask = (method: string, path: string, body?: unknown) =>
  call(`${server.url}/api/v1/screens/${path}`, { key: lead, method, ...(body !== undefined && { body }) })

describe('an unpaired wall', () => {
  test('shows a code in both languages, and the board for which it is approved', async () => {
    await page.addInitScript(() => {
      const times = new Set<string>()
      const look = (): void => {
        const shown = document.querySelector('.pairing__remaining')?.textContent ?? ''
        for (const [time] of shown.matchAll(/\d+:\d\d/g)) times.add(time)
      }
      new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true })
      Object.assign(window, { times })
    })
    await page.goto(`${server.url}/wall`)
    const userCode = await shownCode()
    expect(userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
    const times = await page.evaluate(() => [...(window as unknown as { times: Set<string> }).times])
    for (const time of times) expect(time).toMatch(/^(?:10:00|9:\d\d)$/)
    expect(times).not.toEqual([])
    await page.getByText('此屏幕尚未配对').waitFor()
    await page.getByText('This screen is not paired').waitFor()
    expect(await page.locator('.pairing .qr').getAttribute('aria-label')).toBe(
      `https://wall.example/pair?code=${userCode}`,
    )
    expect(await pageProblems(page, 24)).toEqual([])
    const box = (await page.locator('.pairing').boundingBox())!
    const { width, height } = page.viewportSize()!
    expect(Math.abs(box.x + box.width / 2 - width / 2)).toBeLessThan(10)
    expect(Math.abs(box.y + box.height / 2 - height / 2)).toBeLessThan(10)
    await approve(server, lead, { userCode }, { name: 'Hall A', settings: { language: 'en', offShift: 'on' } })
    await wall().waitFor({ timeout: 15_000 })
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    expect(new URL(page.url()).pathname).toBe('/wall')
    await page.reload()
    await wall().waitFor()
    expect(await code().count()).toBe(0)
  })

  test('is paired as well where the browser blocks storage, and says what that means', async () => {
    await page.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage']) {
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException('access is denied', 'SecurityError')
          },
        })
      }
    })
    await page.goto(`${server.url}/wall?lang=en`)
    const userCode = await shownCode()
    await page.getByText('This browser does not save data').waitFor()
    expect(await pageProblems(page, 24)).toEqual([])
    await approve(server, lead, { userCode }, { name: 'Hall B', settings: { language: 'en', offShift: 'on' } })
    await wall().waitFor({ timeout: 15_000 })
    await page.reload()
    await wall().waitFor()
    expect(await code().count()).toBe(0)
  })

  test('requests another code after it was denied', async () => {
    await page.goto(`${server.url}/wall?lang=en`)
    const userCode = await shownCode()
    await ask('POST', `pairing/${userCode}/deny`)
    await eventually(async () => expect(await shownCode()).not.toBe(userCode))
  })

  test('says why it has no code while the server gives none, and shows one when it does', async () => {
    const requests = '**/api/v1/screens/pairing'
    await page.route(requests, (route) => route.abort())
    await page.goto(`${server.url}/wall?pair&lang=en`)
    await page.getByText('The server does not respond').waitFor()
    await page.getByText('服务器没有响应').waitFor()
    await page.unroute(requests)
    expect(await shownCode()).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
  })
})

describe('a paired wall', () => {
  test('reports its build, screen size and memory', async () => {
    const { report, online } = await openPairedWall('Hall B')
    const { build } = await list()
    expect(online).toBe(true)
    expect(report).toMatchObject({ build, width: 1_920, height: 1_080, reconnects: 0 })
    expect(build).toMatch(/^wall-.+\.js$/)
    expect(report?.memoryBytes).toBeGreaterThan(1_000_000)
  })

  test('shows its name large when somebody looks for it, and is loaded again when somebody asks', async () => {
    const { id } = await openPairedWall('Hall C, by the gate')
    await ask('POST', `${id}/identify`)
    await page.locator('.shown-name').getByText('Hall C, by the gate').waitFor()
    const loaded = page.waitForEvent('load')
    await ask('POST', `${id}/reload`)
    await loaded
    await wall().waitFor()
  })

  test('speaks another language when somebody sets it so', async () => {
    const { id, name, settings } = await openPairedWall('Hall D')
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
    await ask('PUT', id, { name, settings: { ...settings, language: 'en' } })
    await page.locator('html[lang=en]').waitFor({ timeout: 10_000 })
    await wall().waitFor()
  })

  test('takes a new token without a reload, and keeps no other', async () => {
    const { id } = await openPairedWall('Hall E')
    const before = await token()
    await page.evaluate(() => document.body.setAttribute('data-same-page', ''))
    await server.database.query(
      `update screens set token_issued_at = token_issued_at - interval '8 days' where id = $1`,
      [id],
    )
    await eventually(async () => expect(await token()).not.toBe(before))
    await eventually(async () => expect(await pass()).not.toContain(before))
    expect(await page.locator('[data-same-page]').count()).toBe(1)
    await page.reload()
    await wall().waitFor()
    await eventually(async () => expect(await listed(id)).toMatchObject({ online: true }))
    expect(await code().count()).toBe(0)
  })

  test('falls back to its previous token when the server does not know the new one', async () => {
    const { id } = await openPairedWall('Hall F')
    const holds = await token()
    await page.evaluate(() => {
      const kept = JSON.parse(localStorage.getItem('stagewatch.screen') ?? '{}') as { token: string }
      const unknown = { ...kept, token: 'sws_lost-on-the-way-to-nowhere', formerToken: kept.token }
      localStorage.setItem('stagewatch.screen', JSON.stringify(unknown))
    })
    await page.reload()
    await wall().waitFor()
    await eventually(async () => expect(await token()).toBe(holds))
    await eventually(async () => expect(await listed(id)).toMatchObject({ online: true }))
    expect(await code().count()).toBe(0)
  })

  test('shows a pairing code as soon as it is revoked, and clears its stored state', async () => {
    const { id } = await openPairedWall('Hall G')
    const begin = performance.now()
    await ask('DELETE', id)
    await page.locator('.pairing').waitFor()
    // Well before the next heartbeat but one could reveal it, even on a machine that runs other tests as well.
    expect(performance.now() - begin).toBeLessThan(4_000)
    await shownCode()
    expect(await pass()).toBeNull()
  })

  test('that was revoked while it was off shows a pairing code when it is on again', async () => {
    const { id } = await openPairedWall('Hall H')
    await page.goto(`${server.url}${off}`)
    await ask('DELETE', id)
    await page.goto(`${server.url}/wall`)
    await shownCode()
    expect(await pass()).toBeNull()
  })
})
