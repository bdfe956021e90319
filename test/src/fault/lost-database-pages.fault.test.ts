import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { createTestDatabase } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { openDeskAs } from '../desk/desk-page.ts'
import { startDeskPlant, type DeskPlant } from '../desk/desk-plant.ts'
import { bannerOf, deskPaths, goWithin, headerOf, linesOf, loadedWithin, tourTimeoutMs } from '../desk/desk-tour.ts'
import { test } from '../harness/browser-test.ts'
import { languagesFor, skipUnless } from '../harness/skip.ts'
import { openTcpProxy, type TcpProxy } from '../harness/tcp-proxy.ts'

const testServer = process.env['TEST_DATABASE_URL']
// There is no import on this site, and no handover has been kept.
const paths = deskPaths
  .filter((path) => !['/imports/1', '/handover/1'].includes(path))
  .map((path) => path.replace('SO-1', 'CUT-000'))

describe('the desk while PostgreSQL is away', skipUnless(testServer !== undefined, 'pages without PostgreSQL'), () => {
  let created: Awaited<ReturnType<typeof createTestDatabase>>
  let network: TcpProxy
  let plant: DeskPlant
  let close: () => Promise<void>
  beforeAll(async () => {
    created = await createTestDatabase(testServer!)
    const url = new URL(created.url)
    network = await openTcpProxy(Number(url.port || 5432))
    url.host = `127.0.0.1:${network.port}`
    const database = openPostgresql(url.href, { deadlineMs: 2_000 })
    plant = await startDeskPlant({ database })
    close = async () => {
      await plant.close()
      await database.close()
      await network.close()
      await created.drop()
    }
  })
  afterAll(() => close())

  test.for(languagesFor('en'))(
    'keeps the data of every page, says as of when, does not look live, and recovers: %s',
    { timeout: tourTimeoutMs },
    async (language, { browser }) => {
      const desk = await openDeskAs(browser, plant.url, plant.ada, '/account', { language })
      const { page } = desk
      await page.locator('h1').waitFor()
      const before = new Map<string, string[]>()
      for (const path of paths) {
        await goWithin(page, path, '')
        await loadedWithin(page)
        before.set(path, await linesOf(page))
      }
      await page.evaluate(() => Object.assign(window, { loadedOnce: true }))
      network.swallow()
      const banner = page.getByRole('alert').getByText(/The database has not responded since|数据库自.*起没有响应/)
      await banner.waitFor()
      const wrong: unknown[] = []
      for (const path of paths) {
        await goWithin(page, path, '')
        await loadedWithin(page)
        const after = await linesOf(page)
        const lost = before.get(path)?.filter((line) => !after.includes(line)) ?? []
        if (lost.length > 0) wrong.push([path, 'no longer says', lost])
        if (!/\d\d:\d\d/.test(await bannerOf(page))) wrong.push([path, 'does not say as of when'])
        const header = await headerOf(page)
        if (/Connected|已连接|Live|实时/.test(header)) wrong.push([path, 'looks live', header])
        const problems = await desk.problems()
        if (problems.length > 0) wrong.push([path, problems])
      }
      expect(wrong).toEqual([])

      network.cut()
      await goWithin(page, '/overview', '')
      await banner.waitFor({ state: 'detached' })
      await desk.sees(/^Live ·|^实时/)
      await goWithin(page, '/people', '')
      await desk.sees(/Connected|已连接/)
      expect(await page.evaluate(() => 'loadedOnce' in window)).toBe(true)
      expect(desk.errors).toEqual([])
    },
  )
})
