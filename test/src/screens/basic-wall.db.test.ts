import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { screen as pairedScreen, screenList } from '@stagewatch/shared/contract/screen.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import { cuttable, type CuttableDatabase } from '../harness/cuttable-database.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { approve, startPairing } from './pair-screen.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
const clock = new VirtualClock(Date.UTC(2026, 10, 22, 12))
let database: CuttableDatabase
let server: StartedServer
let lead: string
const lines: string[] = []
const logger = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) })

beforeAll(async () => {
  // Only a server without a public URL allows anonymous reads from this machine.
  database = cuttable(await openTestDatabase())
  server = await startServer({ clock, database, logger, variables: { PUBLIC_URL: 'https://wall.example' } })
  lead = await server.createKey(['admin'])
  // The sample site is readable by everybody.
  await server.createKey(['read'], 'sample')
})
afterAll(async () => {
  await server.close()
  await database.close()
})
beforeEach(async () => {
  clock.advanceTo(clock.now() + 20 * minuteMs)
  // A check of the database that was under way has taken 20 minutes by this clock.
  await expect.poll(pageOfSample, { timeout: 15_000 }).toContain('renewed every 30 seconds')
})

/** The page of the sample a second later. */
async function pageOfSample(): Promise<string> {
  clock.advanceTo(clock.now() + 1_000)
  return (await new OldBrowser().open('/wall/basic?site=sample&lang=en')).html
}

const userAgent =
  'Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0.3945.79 Safari/537.36'

/** An old browser that follows redirects, with or without cookies. */
class OldBrowser {
  readonly #keepsCookies: boolean
  cookie: string | undefined

  constructor(keepsCookies = true) {
    this.#keepsCookies = keepsCookies
  }

  /** The final page after at most three redirects. */
  async open(address = '/wall/basic?site=main&lang=en'): Promise<{ status: number; html: string }> {
    let next = new URL(address, server.url)
    for (let redirects = 0; redirects <= 3; redirects += 1) {
      const headers = { 'user-agent': userAgent, ...(this.cookie !== undefined && { cookie: this.cookie }) }
      const response = await fetch(next, { headers, redirect: 'manual' })
      const [given] = response.headers.getSetCookie()
      if (given !== undefined && this.#keepsCookies) this.cookie = given.split(';')[0]
      const location = response.headers.get('location')
      if (location === null) return { status: response.status, html: await response.text() }
      next = new URL(location, next)
    }
    throw new Error('it is redirected in a circle')
  }

  async shownCode(): Promise<string> {
    const { html } = await this.open()
    const [, code = ''] = /class="code">([^<]+)</.exec(html) ?? []
    return code
  }

  /** Pairs the screen with the settings and returns the page with its numbers. */
  async pair(settings: object = {}): Promise<string> {
    const userCode = await this.shownCode()
    const body = { name: 'Hall of 2016', settings: { language: 'en', ...settings } }
    const { id } = pairedScreen.parse((await approve(server, lead, { userCode }, body)).body)
    clock.advanceTo(clock.now() + 6_000)
    expect((await this.open()).html).toContain('Overdue orders')
    return id
  }
}

async function listed(id: string) {
  const { body } = await call(`${server.url}/api/v1/screens`, { key: lead })
  return screenList.parse(body).screens.find((screen) => screen.id === id)
}

describe('the page for a browser that is too old for the wall', () => {
  it('shows six numbers of whatever may be read, without any script, and asks again by itself', async () => {
    const { status, html } = await new OldBrowser().open('/wall/basic?site=sample&lang=en')
    expect(status).toBe(200)
    expect(html.match(/<td>/g)).toHaveLength(6)
    expect(html).toContain(`As of ${new Date(clock.now()).toISOString().slice(11, 19)}`)
    expect(html).not.toContain('No events since')
    expect(html).toContain('<meta http-equiv="refresh" content="6">')
    expect(html).toContain('too old for the board, which needs Chromium 88 or newer')
    expect(html).not.toMatch(/<script|onload|javascript:/i)
  })

  it('is paired by a code, keeps its token in a cookie that no script reads, and is a screen like others', async () => {
    const browser = new OldBrowser()
    const first = await browser.shownCode()
    expect(first).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
    clock.advanceTo(clock.now() + 6_000)
    // A second request shows the same code.
    expect(await browser.shownCode()).toBe(first)
    // Then it knows the address at which the code is entered.
    expect((await browser.open()).html).toContain('wall.example/pair')
    clock.advanceTo(clock.now() + 6_000)
    const id = await browser.pair()
    expect(await listed(id)).toMatchObject({ name: 'Hall of 2016', online: true, confirmedAt: clock.now() })
    await server.server.screens.presence.write(server.database, clock.now())
    const [row] = await server.database.query('select browser from screens where id = $1', [id])
    expect(row).toEqual({ browser: 'Chromium 79' })
    const cookieOf = async (headers: Record<string, string>) => {
      const response = await fetch(`${server.url}/wall/basic?site=main`, { headers, redirect: 'manual' })
      return response.headers.getSetCookie()[0]
    }
    // Browsers keep a cookie for 400 days at most.
    expect(await cookieOf({})).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; Max-Age=34560000$/)
    expect(await cookieOf({ 'x-forwarded-proto': 'https' })).toMatch(/; SameSite=Lax; Max-Age=34560000; Secure$/)
    // Each request is a connection that ends at once.
    clock.advanceTo(clock.now() + 89_000)
    expect(await listed(id)).toMatchObject({ online: true })
    clock.advanceTo(clock.now() + 1_000)
    expect(await listed(id)).toMatchObject({ online: false })
    await call(`${server.url}/api/v1/screens/${id}`, { key: lead, method: 'DELETE' })
    expect((await browser.open('/wall/basic?site=main&lang=en&kept=1')).html).toContain('This screen is not paired')
  })

  it('shows the board and the language that the screen was set up with, whatever its address says', async () => {
    const browser = new OldBrowser()
    await browser.pair()
    const elsewhere = '/wall/basic?site=sample&board=nothing&lang=zh'
    expect((await browser.open(elsewhere)).html).toContain('Overdue orders')
    const other = new OldBrowser()
    const userCode = await other.shownCode()
    await approve(server, lead, { userCode }, { name: 'B', settings: { language: 'zh' } })
    clock.advanceTo(clock.now() + 6_000)
    expect((await other.open()).html).toContain('超时订单')
    const third = new OldBrowser()
    const settings = { language: 'en', board: 'overview:nothing' }
    await approve(server, lead, { userCode: await third.shownCode() }, { name: 'C', settings })
    clock.advanceTo(clock.now() + 6_000)
    expect((await third.open()).html).toContain('no such board')
  })

  it('takes a new token after a week, and the old one dies when the new one is used five minutes later', async () => {
    const browser = new OldBrowser()
    await browser.pair()
    const before = browser.cookie
    clock.advanceTo(clock.now() + 8 * dayMs)
    await browser.open()
    expect(browser.cookie).not.toBe(before)
    expect((await browser.open()).html).toContain('Overdue orders')
    clock.advanceTo(clock.now() + minuteMs)
    const stolen = new OldBrowser()
    // A cookie from the disk after a power cut, or a copied one.
    stolen.cookie = before
    expect((await stolen.open()).html).toContain('Overdue orders')
    clock.advanceTo(clock.now() + 4 * minuteMs)
    expect((await browser.open()).html).toContain('Overdue orders')
    expect((await stolen.open()).html).toContain('This screen is not paired')
    expect((await browser.open()).html).toContain('Overdue orders')
  })

  it('gives another token an hour later to a screen that goes on with its old one, with a warning', async () => {
    const browser = new OldBrowser()
    const id = await browser.pair()
    const before = browser.cookie
    const warnings = () => lines.filter((line) => line.includes(id) && line.includes('old token was copied'))
    clock.advanceTo(clock.now() + 8 * dayMs)
    await browser.open()
    const lost = browser.cookie
    browser.cookie = before
    await browser.open()
    expect([browser.cookie, warnings()]).toEqual([before, []])
    clock.advanceTo(clock.now() + 60 * minuteMs)
    await browser.open()
    expect(warnings()).toHaveLength(1)
    expect([before, lost]).not.toContain(browser.cookie)
  })

  it('speaks the language of its address, or else that of the browser', async () => {
    const titleFor = async (language: string, more = '') => {
      const headers = { 'accept-language': language }
      return (await fetch(`${server.url}/wall/basic?site=sample${more}`, { headers })).text()
    }
    expect(await titleFor('en')).toContain('<html lang="en">')
    expect(await titleFor('zh')).toContain('<html lang="zh-CN">')
    expect(await titleFor('zh', '&lang=en')).toContain('<html lang="en">')
    expect(await titleFor('zh', '&lang=a&lang=b')).toContain('<html lang="zh-CN">')
  })

  it('finds its cookie among others, and takes one that it did not write for none', async () => {
    const browser = new OldBrowser()
    await browser.pair()
    browser.cookie = `other=t.1; ${browser.cookie ?? ''}; more=p.1.2`
    expect((await browser.open()).html).toContain('Overdue orders')
    for (const value of ['', 't', 't.', 'p', 'p.code', 'x.code.code']) {
      browser.cookie = `stagewatch-basic-wall=${value}`
      expect(await browser.shownCode()).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
    }
  })

  it('asks once a minute when too many have asked for a code from its address', async () => {
    for (let i = 0; i < 60; i++) await startPairing(server)
    const { status, html } = await new OldBrowser().open()
    expect(status).toBe(200)
    expect(html).toContain('Too many screens have asked for a code')
    expect(html).toContain('<meta http-equiv="refresh" content="60">')
  })

  it('takes a key from the address once, so that it stands in it no longer', async () => {
    const browser = new OldBrowser()
    const key = await server.createKey(['read'])
    const address = `/wall/basic?site=main&lang=en&key=${key}`
    const redirected = await fetch(`${server.url}${address}`, { redirect: 'manual' })
    expect(redirected.headers.get('location')).toBe('basic?site=main&board=overview&lang=en&kept=1')
    expect((await browser.open(address)).html).toContain('Overdue orders')
    expect((await browser.open()).html).toContain('Overdue orders')
  })

  it('says why it cannot be paired when the browser keeps no cookies', async () => {
    const { html } = await new OldBrowser(false).open()
    expect(html).toContain('keeps no cookies')
  })

  it('says what is wrong with its address', async () => {
    expect((await new OldBrowser().open('/wall/basic?site=sample&board=nothing&lang=en')).html).toContain(
      'no such board',
    )
  })

  it('says that nothing has a limit, and how old data is that ends long ago', async () => {
    const ingest = await server.createKey(['ingest'], 'imported')
    await server.createKey(['read'], 'imported')
    const occurredAt = new Date(clock.now() - 30 * dayMs).toISOString()
    const event = { source: 'wms', id: '1', type: 'stage.entered', order: 'SO-1', stage: 'packing', occurredAt }
    const sent = await call(`${server.url}/api/v1/events`, { key: ingest, body: { events: [event] } })
    expect(sent.body).toMatchObject({ accepted: 1 })
    const key = await server.createKey(['read'], 'imported')
    const { html } = await new OldBrowser().open(`/wall/basic?site=imported&lang=en&key=${key}`)
    expect(html).toContain('<small>Overdue orders · no limits set</small><b>—</b>')
    expect(html).toMatch(/No events since \d+ [A-Z][a-z]{2} 2026, 30 days ago.* stagewatch replay FILE --shift-to-now</)
  })

  it('goes on asking while the database is away, says so, and shows numbers again when it is back', async () => {
    const [paired, unpaired] = [new OldBrowser(), new OldBrowser()]
    await paired.pair()
    database.cut()
    try {
      await expect.poll(pageOfSample, { timeout: 15_000 }).toContain('Database unreachable · numbers as of')
      // Until then, the server remembers who the screen is.
      clock.advanceTo(clock.now() + minuteMs)
      for (const browser of [paired, unpaired]) {
        const { status, html } = await browser.open()
        expect(status).toBe(200)
        expect(html).toContain('Database unreachable.')
        expect(html).toContain('<meta http-equiv="refresh" content="6">')
      }
    } finally {
      database.mend()
    }
    expect((await paired.open()).html).toContain('Overdue orders')
    expect(await unpaired.shownCode()).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
    await expect.poll(pageOfSample).toContain('renewed every 30 seconds')
  })

  it.for(['lang=en&board=', `site=${'x'.repeat(200)}`, `site=sample&board=${'x'.repeat(500)}`, 'site=sample&key=*'])(
    'asks again when its address is wrong: %s',
    async (search) => {
      const { status, html } = await new OldBrowser().open(`/wall/basic?${search}`)
      expect(status).toBe(200)
      expect(html).toContain('<meta http-equiv="refresh" content="60">')
      expect(html).toContain('The server cannot answer now')
    },
  )

  it('does not let anybody write into it', async () => {
    const html = (await new OldBrowser().open('/wall/basic?lang=%3Cb%3E&site=%3Cscript%3E')).html
    expect(html).not.toContain('<script')
  })
})
