import { afterAll, beforeAll, describe, expect } from 'vitest'
import { flatTexts, readTexts } from '../../../client/src/locales/testing/read-texts.ts'
import { calmBoard } from '../fixture/board-fixture.ts'
import { BoardServer } from '../fixture/board-server.ts'
import { deskAnswers } from '../fixture/desk-answers.ts'
import { DeskServer } from '../fixture/desk-server.ts'
import { test } from '../harness/browser-test.ts'
import { laptop, openDesk } from '../desk/desk-page.ts'
import { buildWithLanguage } from './third-language.ts'

const board = calmBoard('en')
/** A number long enough for a group separator, which Polish uses (as a space) from five digits on. */
const open = { ...board.kpis.open, count: 12_345 }
const keys = [...flatTexts(readTexts('en')).keys()]

let client: Awaited<ReturnType<typeof buildWithLanguage>>
let wallUrl: string
let deskUrl: string
let wallServer: BoardServer
let deskServer: DeskServer

beforeAll(async () => {
  client = await buildWithLanguage({ code: 'pl', tag: 'pl', formatTag: 'pl', name: 'Polski' })
  wallServer = new BoardServer({ board: { ...board, kpis: { ...board.kpis, open } }, client: client.dist })
  deskServer = new DeskServer(deskAnswers('administrator', Date.now()), undefined, client.dist)
  wallUrl = await wallServer.run()
  deskUrl = await deskServer.run()
}, 240_000)
afterAll(async () => {
  await wallServer.close()
  await deskServer.close()
  await client.remove()
})

/** Keys that appear on the page because their text is missing. */
const missingKeys = (text: string) => keys.filter((key) => key.includes('.') && text.includes(key))

describe('a language of which there are only files', () => {
  test('is what a wall shows: texts, numbers, dates and plural forms', async ({ browser }) => {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    const scripts: string[] = []
    page.on('request', (request) => scripts.push(request.url()))
    await page.goto(`${wallUrl}/wall?site=sample&lang=pl&scenes=overview`)
    await page.locator('.kpi--hero .sparkline svg').waitFor()
    const text = (await page.locator('body').innerText()).replaceAll('\u00a0', ' ')
    expect(await page.locator('html').getAttribute('lang')).toBe('pl')
    expect(missingKeys(text)).toEqual([])
    expect(text).toContain('12 345')
    expect(text).toContain(new Intl.DateTimeFormat('pl', { month: 'short' }).format(board.asOf))
    // 22 orders use a plural form that English does not have.
    expect(text).toMatch(/few: ⟦22/)
    // The stages have no Polish names.
    expect(text).toContain(board.stages['qc']?.name['en'])
    expect(scripts.filter((url) => /texts-\w+-(en|zh-CN)/.test(url))).toEqual([])
    await page.close()
  })

  test('is offered by the desk, and fetched when somebody chooses it', async ({ browser }) => {
    const desk = await openDesk(browser, 'about:blank', { viewport: laptop })
    const scripts: string[] = []
    desk.page.on('request', (request) => scripts.push(request.url()))
    const ofPolish = () => scripts.filter((url) => /texts-\w+-pl-/.test(url))
    await desk.page.goto(`${deskUrl}/changes`)
    await desk.page.locator('summary').first().waitFor()
    expect(ofPolish()).toEqual([])
    await desk.press('Polski')
    await desk.page.locator('html[lang=pl]').waitFor()
    expect(ofPolish().length).toBeGreaterThan(1)
    const text = await desk.page.locator('body').innerText()
    expect(missingKeys(text)).toEqual([])
    expect(text).toContain('⟦')
    await desk.press('中文')
    await desk.page.locator('html[lang=zh-CN]').waitFor()
    expect(desk.errors).toEqual([])
    await desk.context.close()
  })
})
