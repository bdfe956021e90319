import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../harness/browser.ts'
import { pageProblems } from '../harness/page-check.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'

const hourMs = 3_600_000
let browser: Browser
let server: StartedServer

beforeAll(async () => {
  browser = await openBrowser()
  server = await startServer({ demo: true })
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

function address(from: number, to: number, speed: number): string {
  const [begin, end] = [from, to].map((instant) => new Date(instant).toISOString())
  return `${server.url}/wall?site=sample&lang=en&scenes=overview&recording=${begin}/${end}&speed=${speed}`
}

describe('a wall that shows the past', () => {
  it('says so, moves as fast as it was told, and stays at the end', async () => {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    const now = Date.now()
    const from = now - 10 * hourMs
    await page.goto(address(from, from + hourMs, 600))
    const mark = page.locator('.header__recording')
    await mark.getByText('RECORDING ×600').waitFor()
    const frame = await page
      .locator('.stage--recording')
      .evaluate((stage) => getComputedStyle(stage, '::before').borderStyle)
    expect(frame).toBe('dashed')
    const clock = await page.locator('.header__clock').textContent()
    // An hour takes six seconds.
    await mark.getByText('RECORDING · ended').waitFor()
    expect(await page.locator('.header__clock').textContent()).not.toBe(clock)
    expect(await pageProblems(page, 24)).toEqual([])
    await page.close()
  })

  it('shows the numbers of then and not of now', async () => {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    const then = Date.now() - 30 * hourMs
    await page.goto(address(then - hourMs, then, 600))
    await page.getByText('RECORDING · ended').waitFor()
    const [date] = (await page.locator('.header__date').textContent())!.match(/\d+/)!
    const zone = 'Asia/Shanghai'
    expect(date).toBe(new Intl.DateTimeFormat('en', { day: 'numeric', timeZone: zone }).format(then))
    await page.close()
  })

  it('says how to ask for one that it can show', async () => {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    await page.goto(address(Date.now(), Date.now() + hourMs, 60))
    await page.getByText('This recording cannot be shown').waitFor()
    expect(await pageProblems(page, 24)).toEqual([])
    await page.close()
  })
})
