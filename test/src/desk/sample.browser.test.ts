import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../harness/browser.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { laptop, openDesk, phone } from './desk-page.ts'

const paths = ['/screens', '/people', '/keys', '/changes', '/account', '/pair']

describe('the desk of the sample', () => {
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

  test('is entered without a password, and a viewer is told who may do more', async () => {
    const viewer = await openDesk(browser, `${server.url}/sign-in`)
    await viewer.press('Enter the sample as: Viewer')
    await viewer.page.getByRole('heading', { name: 'Account' }).waitFor()
    await viewer.page.goto(`${server.url}/keys`)
    await viewer.sees('These roles may: Administrator. Ask an administrator of the site.')
    await viewer.page.goto(`${server.url}/?lang=en`)
    await viewer.sees('Signed in:')
    expect(viewer.errors).toEqual([])
  })

  test('says its words in the language that was chosen, on every page', async () => {
    const desk = await openDesk(browser, `${server.url}/sign-in`)
    await desk.press('切换到中文')
    await desk.sees('选择角色进入样例')
    expect(await desk.page.locator('html').getAttribute('lang')).toBe('zh-CN')
    await desk.page.goto(`${server.url}/`)
    await desk.sees('登录')
  })

  for (const language of ['zh', 'en'] as const) {
    for (const viewport of [laptop, phone]) {
      test(`cuts and overlaps no text: ${language}, ${viewport.width} px`, async () => {
        const desk = await openDesk(browser, `${server.url}/sign-in`, { language, viewport })
        await desk.page.locator('.entrance').first().getByRole('button').click()
        await desk.page.locator('.content .card').first().waitFor()
        for (const path of paths) {
          await desk.page.goto(server.url + path)
          await desk.page.locator('.content .card').first().waitFor()
          await desk.page.evaluate(() => document.fonts.ready)
          expect([path, await desk.problems()]).toEqual([path, []])
        }
        expect(desk.errors).toEqual([])
      })
    }
  }
})
