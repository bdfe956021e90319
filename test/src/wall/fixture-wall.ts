import type { Browser, Page } from 'playwright-core'
import { BoardServer, type BoardServerOptions } from '../fixture/board-server.ts'
import { blockChineseFace } from './wall-page.ts'

/** A wall with a fixture board, on a device with a correct clock. */
export class FixtureWall implements AsyncDisposable {
  readonly page: Page
  readonly server: BoardServer
  readonly url: string

  private constructor(page: Page, server: BoardServer, url: string) {
    this.page = page
    this.server = server
    this.url = url
  }

  /**
   * @param fonts `all` for tests of text layout; otherwise the Chinese font is not loaded.
   * @param prepare runs on the page before it shows anything.
   */
  static async open(
    browser: Browser,
    options: BoardServerOptions,
    query = '',
    fonts: 'latin' | 'all' = 'latin',
    prepare?: (page: Page) => Promise<void>,
  ): Promise<FixtureWall> {
    const server = new BoardServer(options)
    const url = await server.run()
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    if (fonts === 'latin') await blockChineseFace(page)
    const wall = new FixtureWall(page, server, url)
    await prepare?.(page)
    await page.addInitScript(shiftClock, server.now() - Date.now())
    await wall.show(query)
    return wall
  }

  async show(query: string): Promise<void> {
    await this.page.goto(`${this.url}/wall?site=sample${query.includes('lang=') ? '' : '&lang=en'}${query}`)
    await this.page.locator('main.scene:not(.loading)').waitFor({ state: 'attached' })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.close()
    await this.server.close()
  }
}

function shiftClock(byMs: number): void {
  const deviceNow = Date.now
  Date.now = () => deviceNow() + byMs
}
