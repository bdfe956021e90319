import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../harness/browser.ts'
import { pageProblems } from '../harness/page-check.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'

/** Nothing on the wall is smaller, at a width of 1920. */
const leastPx = 24

describe('the wall of the sample factory', () => {
  let server: StartedServer
  let browser: Browser

  beforeAll(async () => {
    server = await startServer({ demo: true })
    browser = await openBrowser()
  })

  afterAll(async () => {
    await browser.close()
    await server.close()
  })

  const sizes = [
    { width: 1920, height: 1080, scale: 1 },
    { width: 1920, height: 1080, scale: 2 },
    { width: 3840, height: 2160, scale: 1 },
  ]
  for (const language of ['zh', 'en']) {
    for (const { width, height, scale } of sizes) {
      test(`cuts, overlaps and shrinks no text: ${language}, ${width} × ${height} at ${scale}`, async () => {
        const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: scale })
        const errors: string[] = []
        page.on('pageerror', (error) => errors.push(error.message))
        page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
        await page.goto(`${server.url}/wall?site=sample&lang=${language}`)
        await page.locator('.kpi--hero .kpi__value').waitFor()
        await page.evaluate(() => document.fonts.ready)
        expect(await pageProblems(page, leastPx)).toEqual([])
        expect(errors).toEqual([])
        await page.close()
      })
    }
  }

  test('shows numbers that add up to each other', async () => {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    await page.goto(`${server.url}/wall?site=sample&lang=en`)
    await page.locator('.kpi--hero .kpi__value').waitFor()
    const { total, perStage, listed } = await page.evaluate(() => {
      const numbers = (selector: string) =>
        [...document.querySelectorAll(selector)].map((element) => Number(element.textContent?.replace(/\D/g, '')))
      return {
        total: numbers('.kpi--hero .kpi__value')[0],
        perStage: numbers('.strip__overdue').reduce((sum, count) => sum + count, 0),
        listed: Number(document.querySelector('.list__range')?.textContent?.split('/')[1]),
      }
    })
    expect(perStage).toBe(total)
    expect(listed).toBe(total)
    await page.close()
  })
})
