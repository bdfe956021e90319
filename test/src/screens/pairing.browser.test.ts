import { screenList } from '@stagewatch/shared/contract/screen.ts'
import type { Screen } from '@stagewatch/shared/contract/screen.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { openBrowser } from '../harness/browser.ts'
import { pageProblems } from '../harness/page-check.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from '../http/call.ts'
import { approve, pairScreen } from './pair-screen.ts'

let browser: Browser
let server: StartedServer
let lead: string
let page: Page
const errors: string[] = []

beforeAll(async () => {
  browser = await openBrowser()
  // Reading is open on this machine only where nobody comes from elsewhere.
  server = await startServer({ variables: { PUBLIC_URL: 'https://wall.example' } })
  lead = await server.createKey(['admin'])
})
afterAll(async () => {
  await browser.close()
  await server.close()
})
beforeEach(async () => {
  errors.length = 0
  page = await browser.newPage({ viewport: { width: 1_920, height: 1_080 }, locale: 'zh-CN' })
  page.on('pageerror', (error) => errors.push(String(error)))
})
afterEach(async () => {
  await page.close()
  expect(errors).toEqual([])
})

/** A page of the same origin on which no wall runs. */
const off = '/healthz'
const code = () => page.locator('.pairing__code')
const wall = () => page.locator('.stage').first()
const pass = () => page.evaluate(() => localStorage.getItem('stagewatch.screen'))
const token = async () => (JSON.parse((await pass()) ?? '{}') as { token?: string }).token

async function shownCode(): Promise<string> {
  await code().waitFor()
  return (await code().getAttribute('aria-label')) ?? ''
}

/** A wall that was paired before, with what it kept from then. */
async function openPairedWall(name: string, settings: object = {}): Promise<Screen> {
  const { token: given, screen: self } = await pairScreen(server, lead, { name, settings })
  await page.goto(`${server.url}${off}`)
  await page.evaluate((kept) => localStorage.setItem('stagewatch.screen', kept), JSON.stringify({ token: given, self }))
  await page.goto(`${server.url}/wall`)
  await wall().waitFor()
  return vi.waitFor(async () => {
    const screen = await listed(self.id)
    if (screen?.report === undefined) throw new Error('it has not reported yet')
    return screen
  }, 5_000)
}

async function listed(id: string): Promise<Screen | undefined> {
  return (await list()).screens.find((screen) => screen.id === id)
}

async function list() {
  return screenList.parse((await call(`${server.url}/api/v1/screens`, { key: lead })).body)
}

const ask = (method: string, path: string, body?: unknown) =>
  call(`${server.url}/api/v1/screens/${path}`, { key: lead, method, ...(body !== undefined && { body }) })

describe('a wall that nobody has let in', () => {
  it('shows a code in both languages, and becomes what somebody approves it as', async () => {
    await page.goto(`${server.url}/wall`)
    const userCode = await shownCode()
    expect(userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
    await page.getByText('此屏幕未授权').waitFor()
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

  it('asks for another code when somebody has turned it away', async () => {
    await page.goto(`${server.url}/wall?lang=en`)
    const userCode = await shownCode()
    await ask('POST', `pairing/${userCode}/deny`)
    await vi.waitFor(async () => expect(await shownCode()).not.toBe(userCode), { timeout: 15_000, interval: 200 })
  })

  it('says why it has no code while the server gives none, and shows one when it does', async () => {
    await page.route('**/api/v1/screens/pairing', (route) => route.abort(), { times: 1 })
    await page.goto(`${server.url}/wall?pair&lang=en`)
    await page.getByText('The server does not answer').waitFor()
    await page.getByText('服务器没有应答').waitFor()
    expect(await shownCode()).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
  })
})

describe('a paired wall', () => {
  it('tells what it is', async () => {
    const { report, online } = await openPairedWall('Hall B')
    const { build } = await list()
    expect(online).toBe(true)
    expect(report).toMatchObject({ build, width: 1_920, height: 1_080, reconnects: 0 })
    expect(build).toMatch(/^wall-.+\.js$/)
    expect(report?.memoryBytes).toBeGreaterThan(1_000_000)
  })

  it('shows its name large when somebody looks for it, and is loaded again when somebody asks', async () => {
    const { id } = await openPairedWall('Hall C, by the gate')
    await ask('POST', `${id}/identify`)
    await page.locator('.shown-name').getByText('Hall C, by the gate').waitFor()
    const loaded = page.waitForEvent('load')
    await ask('POST', `${id}/reload`)
    await loaded
    await wall().waitFor()
  })

  it('speaks another language when somebody sets it so', async () => {
    const { id, name, settings } = await openPairedWall('Hall D')
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
    await ask('PUT', id, { name, settings: { ...settings, language: 'en' } })
    await page.locator('html[lang=en]').waitFor({ timeout: 10_000 })
    await wall().waitFor()
  })

  it('takes a new token without a reload, and keeps no other', async () => {
    const { id } = await openPairedWall('Hall E')
    const before = await token()
    await page.evaluate(() => document.body.setAttribute('data-same-page', ''))
    await server.database.query(
      `update screens set token_issued_at = token_issued_at - interval '8 days' where id = $1`,
      [id],
    )
    await vi.waitFor(async () => expect(await token()).not.toBe(before), { timeout: 10_000, interval: 50 })
    await vi.waitFor(async () => expect(await pass()).not.toContain(before), { timeout: 5_000, interval: 50 })
    expect(await page.locator('[data-same-page]').count()).toBe(1)
    await page.reload()
    await wall().waitFor()
    await vi.waitFor(async () => expect(await listed(id)).toMatchObject({ online: true }))
    expect(await code().count()).toBe(0)
  })

  it('goes back to the token before when the server does not know the new one', async () => {
    const { id } = await openPairedWall('Hall F')
    const holds = await token()
    await page.evaluate(() => {
      const kept = JSON.parse(localStorage.getItem('stagewatch.screen') ?? '{}') as { token: string }
      const unknown = { ...kept, token: 'sws_lost-on-the-way-to-nowhere', formerToken: kept.token }
      localStorage.setItem('stagewatch.screen', JSON.stringify(unknown))
    })
    await page.reload()
    await wall().waitFor()
    await vi.waitFor(async () => expect(await token()).toBe(holds), 5_000)
    await vi.waitFor(async () => expect(await listed(id)).toMatchObject({ online: true }))
    expect(await code().count()).toBe(0)
  })

  it('shows a pairing code within a second of being revoked, and remembers nothing', async () => {
    const { id } = await openPairedWall('Hall G')
    const begin = performance.now()
    await ask('DELETE', id)
    await page.locator('.pairing').waitFor()
    expect(performance.now() - begin).toBeLessThan(1_000)
    await shownCode()
    expect(await pass()).toBeNull()
  })

  it('that was revoked while it was off shows a pairing code when it is on again', async () => {
    const { id } = await openPairedWall('Hall H')
    await page.goto(`${server.url}${off}`)
    await ask('DELETE', id)
    await page.goto(`${server.url}/wall`)
    await shownCode()
    expect(await pass()).toBeNull()
  })
})
