import type { Browser, Page } from 'playwright-core'

/** A wall in a browser, in English, and the values it shows. */
export interface WallPage {
  readonly page: Page
  /** The large number of overdue orders, as text. */
  overdue(): Promise<string>
  /** The number of open orders, as text. */
  openOrders(): Promise<string>
  /** Waits until the large number shows the text. @returns the instant, epoch ms by this machine's clock. */
  overdueShown(text: string): Promise<number>
}

const hero = '.kpi--hero .kpi__value'
const open = '.kpi-band > :nth-child(5) .kpi__value'

/** @param fonts `all` for tests of text layout; otherwise the Chinese font is not loaded. */
export async function openWall(
  browser: Browser,
  url: string,
  site: string,
  fonts: 'latin' | 'all' = 'latin',
): Promise<WallPage> {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  if (fonts === 'latin') await blockChineseFace(page)
  await page.goto(`${url}/wall?site=${site}&lang=en&scenes=overview`)
  await page.locator(hero).waitFor()
  return {
    page,
    overdue: () => page.locator(hero).innerText(),
    openOrders: () => page.locator(open).innerText(),
    overdueShown: (text) =>
      page.evaluate(
        ([selector, wanted]) => {
          const { promise, resolve } = Promise.withResolvers<number>()
          const look = (): void => {
            if (document.querySelector(selector)?.textContent === wanted) resolve(Date.now())
          }
          new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
          look()
          return promise
        },
        [hero, text] as const,
      ),
  }
}

/** Skips the Chinese font: every wall loads all of its files, and decoding takes a core for most of a second. */
export async function blockChineseFace(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.setBlockedURLs', { urls: ['*/assets/noto-sans-sc-*'] })
}
