import type { Browser } from 'playwright-core'
import { describe, expect } from 'vitest'
import { DeskServer } from '../fixture/desk-server.ts'
import { test } from '../harness/browser-test.ts'
import { openDesk } from './desk-page.ts'
import type { DeskPage } from './desk-page.ts'

const closed = { version: '1.0.0', sites: [], defaultSite: 'main', database: 'postgresql', readsOpen: false }
const withManual = { status: 'ok', version: '1.0.0', manual: true }
const away = {
  code: 'not_ready',
  message: 'the database does not answer',
  details: [{ field: 'database', message: 'the database does not answer' }],
  requestId: '7f3a9c21d04e8b65',
}

/** The start page of a server with these answers, open until `look` has finished its checks. */
async function startPage(
  browser: Browser,
  answers: Readonly<Record<string, unknown>>,
  language: 'en' | 'zh',
  look: (desk: DeskPage) => Promise<void>,
  readiness?: { readonly status: number; readonly body: unknown },
): Promise<void> {
  const server = new DeskServer(answers, readiness)
  const desk = await openDesk(browser, await server.run(), { language })
  try {
    await look(desk)
    expect(await desk.problems()).toEqual([])
    expect(desk.errors).toEqual([])
  } finally {
    await desk.context.close()
    await server.close()
  }
}

describe('the start page', () => {
  test.for([
    ['en', 'Sign in to see your sites', 'People sign in, screens are paired', 'Pair this screen'],
    ['zh', '登录后可查看您的厂区', '人员需登录，屏幕需配对', '配对此屏幕'],
  ] as const)(
    'of a closed server leads to signing in and to pairing (%s)',
    async ([language, ...words], { browser }) => {
      await startPage(
        browser,
        { 'GET /api/v1/start': closed, 'GET /api/v1/me': 'unauthorized', 'GET /healthz': withManual },
        language,
        async (desk) => {
          for (const each of words) await desk.sees(each)
          const guide = desk.page.getByRole('link', { name: language === 'zh' ? '使用手册' : 'User guide' })
          expect(await guide.getAttribute('href')).toBe(language === 'zh' ? '/manual/zh/' : '/manual/')
          expect(await desk.page.locator('a[href="/wall"]').innerText()).toBe(words.at(-1))
          expect(await desk.page.locator('body').innerText()).not.toMatch(/No site yet|need a key|还没有厂区/)
        },
      )
    },
  )

  test.for([
    ['en', 'The database does not respond', /Starting/],
    ['zh', '数据库没有响应', /正在启动/],
  ] as const)(
    'says that the database is away, not that the server starts (%s)',
    async ([language, words, wrong], { browser }) => {
      await startPage(
        browser,
        { 'GET /api/v1/start': closed, 'GET /api/v1/me': 'unauthorized' },
        language,
        async (desk) => {
          await desk.sees(words)
          expect(await desk.page.locator('.status').innerText()).not.toMatch(wrong)
        },
        { status: 503, body: away },
      )
    },
  )

  test('copies a command where the page is not served securely', async ({ browser }) => {
    await startPage(
      browser,
      { 'GET /api/v1/start': closed, 'GET /api/v1/me': 'unauthorized' },
      'en',
      async ({ page }) => {
        const plain = page.url().replace('127.0.0.1', 'board.example')
        await page.route(`${new URL(plain).origin}/**`, async (route) => {
          const answer = await route.fetch({ url: route.request().url().replace('board.example', '127.0.0.1') })
          await route.fulfill({ response: answer })
        })
        await page.goto(plain)
        expect(await page.evaluate(() => isSecureContext)).toBe(false)
        await page.getByRole('button', { name: 'Copy' }).first().click()
        await page.getByRole('button', { name: 'Copied' }).waitFor()
        // The confirmation disappears after a moment.
        await page.getByRole('button', { name: 'Copied' }).waitFor({ state: 'detached' })
        await page.evaluate(() => document.body.append(document.createElement('textarea')))
        await page.locator('body > textarea').focus()
        await page.keyboard.press('ControlOrMeta+V')
        expect(await page.locator('body > textarea').inputValue()).toContain('stagewatch key create')
      },
    )
  })
})
