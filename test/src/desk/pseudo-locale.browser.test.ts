import { readdirSync, readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { readTexts } from '../../../client/src/locales/testing/read-texts.ts'
import type { TextTree } from '../../../client/src/locales/testing/read-texts.ts'
import { pseudoText, pseudoTexts } from '../../../client/src/locales/testing/pseudo-locale.ts'
import { deskAnswers } from '../fixture/desk-answers.ts'
import { DeskServer } from '../fixture/desk-server.ts'
import { test } from '../harness/browser-test.ts'
import { laptop, openDesk, phone } from './desk-page.ts'
import type { DeskPage } from './desk-page.ts'

const pages = [
  '/account',
  '/people',
  '/keys',
  '/sources',
  '/status',
  '/channels',
  '/changes',
  '/screens',
  '/privacy',
  '/configuration',
  '/pair',
  '/no/such/page',
] as const
/** Their headings and buttons contain data, in whatever language it is. */
const pagesOfData = [
  '/analysis/approvals',
  '/tasks?segment=all',
  '/approvals',
  '/handover',
  '/handover/1',
  '/customer-news',
  '/message-texts',
] as const
const assets = new URL('../../../client/dist/assets/', import.meta.url)

let server: DeskServer
let url: string
beforeAll(async () => {
  server = new DeskServer(deskAnswers('administrator', Date.now()))
  url = await server.run()
})
afterAll(async () => {
  await server.close()
})

describe.each([laptop, phone])('in a language that is much longer than English, at $width px', (viewport) => {
  let desk: DeskPage
  test.beforeAll(async ({ browser }) => {
    desk = await openDesk(browser, 'about:blank', { viewport })
    await speakPseudo(desk.page)
  })

  async function open(path: string): Promise<void> {
    await desk.page.goto(`${url}${path}`)
    await desk.page.locator('main').waitFor()
    await expect.poll(() => desk.page.locator('[class*=skeleton]').count()).toBe(0)
    await desk.page.evaluate(() => document.fonts.ready)
    expect(await desk.page.locator('main').innerText()).toContain('⟧')
  }

  test.for(pages)('%s cuts no text and shows none that is not of the locale files', async (path) => {
    await open(path)
    expect(await desk.problems()).toEqual([])
    expect(await literalTexts(desk.page)).toEqual([])
    expect(desk.errors).toEqual([])
  })

  test.for(pagesOfData)('%s cuts no text', async (path) => {
    await open(path)
    expect(await desk.problems()).toEqual([])
    expect(desk.errors).toEqual([])
  })
})

/**
 * The script of a large locale file holds its texts as JSON; that of a small one holds each text by itself. Keys and
 * imports use no template literals, so all template literals are texts.
 */
const textsOrText = /JSON\.parse\(`((?:[^`\\]|\\.)*)`\)|`((?:[^`\\]|\\.)*)`/g

/** Serves pseudo texts in place of the English texts of the build. A locale script names its exports. */
async function speakPseudo(page: Page): Promise<void> {
  const english = readTexts('en')
  const known = JSON.stringify(pseudoTexts(english))
  expect(known).toContain(pseudoText('Account'))
  const files = readdirSync(assets).filter((name) => /^texts-\w+-en-.*\.js$/.test(name))
  expect(files.length).toBeGreaterThan(2)
  for (const name of files) {
    const code = readFileSync(new URL(name, assets), 'utf8')
    const body = code.replaceAll(textsOrText, (_, texts: string | undefined, text = '') =>
      texts === undefined
        ? `\`${pseudoText(String(text))}\``
        : JSON.stringify(pseudoTexts(JSON.parse(texts.replaceAll(/\\(.)/g, '$1')) as TextTree)),
    )
    await page.route(`**/assets/${name}`, (route) => route.fulfill({ contentType: 'text/javascript', body }))
  }
}

/** Visible words of buttons, labels and headings that are outside of brackets. Data has no brackets. */
async function literalTexts(page: Page): Promise<string[]> {
  const texts = await page
    .locator('button, label, legend, th, dt, h1, h2:not(article *):not(:has(+ dl)), nav a')
    .evaluateAll((elements) => elements.map((element) => (element.textContent ?? '').trim()))
  // The browser formats the days of the week.
  const names = /^(中文|English|Stagewatch|Mon|Tue|Wed|Thu|Fri|Sat|Sun)?$/
  return texts.filter((text) => !names.test(text) && !text.includes('⟦'))
}
