import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BoardServer } from '../fixture/board-server.ts'
import { busyBoard, calmBoard } from '../fixture/board-fixture.ts'
import { skipUnless } from '../harness/skip.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { approve } from '../screens/pair-screen.ts'
import { hasOldBrowser, OldBrowser } from './old-browser.ts'

const missing = (version: number) =>
  `Chromium ${version} (STAGEWATCH_OLD_BROWSERS names no folder of test/src/old-browsers/fetch-old-browsers.ts)`
const textOf = (selector: string) => `(document.querySelector('${selector}') || {}).innerText`
const shownCode = `document.querySelector('.pairing__code')?.getAttribute('aria-label')`

let server: StartedServer
let lead: string

beforeAll(async () => {
  // Only a server without a public URL allows anonymous reads from this machine.
  server = await startServer({ variables: { PUBLIC_URL: 'https://wall.example' } })
  lead = await server.createKey(['admin'])
})
afterAll(async () => {
  await server.close()
})

describe('Chromium 79', { timeout: 120_000 }, () => {
  it(
    'is too old for the wall, says so, and shows six numbers when it was paired',
    skipUnless(hasOldBrowser(79), missing(79)),
    async () => {
      await using browser = await OldBrowser.open(79)
      await browser.goto(`${server.url}/wall?lang=en`)
      await browser.until(`document.querySelector('.code') !== null`)
      expect(await browser.evaluate('location.pathname')).toBe('/wall/basic')
      await browser.screenshot('79-pairing')
      const userCode = String(await browser.evaluate(textOf('.code')))
      await approve(server, lead, { userCode }, { name: 'Hall 79', settings: { language: 'en' } })
      await browser.until(`document.querySelectorAll('td').length === 6`)
      await browser.screenshot('79-numbers')
      expect(await browser.evaluate(textOf('.note'))).toContain('too old')
    },
  )

  it('says on the desk that it is too old', skipUnless(hasOldBrowser(79), missing(79)), async () => {
    await using browser = await OldBrowser.open(79)
    await browser.goto(`${server.url}/sign-in`)
    await browser.until(`document.body.innerText.includes('This browser is too old for this page')`)
  })
})

describe.for([88, 92, 108, 112])('Chromium %i', { timeout: 120_000 }, (version) => {
  it(
    'shows the wall, also when no stage is critical',
    skipUnless(hasOldBrowser(version), missing(version)),
    async () => {
      await using browser = await OldBrowser.open(version)
      for (const [name, board] of [
        ['busy', busyBoard('en')],
        ['calm', calmBoard('zh')],
      ] as const) {
        const boards = new BoardServer({ board })
        const url = await boards.run()
        for (const scene of ['overview', 'stageFocus', 'andon']) {
          await browser.goto(`${url}/wall?site=sample&lang=${name === 'busy' ? 'en' : 'zh'}&scenes=${scene}`)
          await browser.until(
            `document.querySelectorAll('.stage--${scene} .panel, .stage--${scene} main > *').length > 2`,
          )
          await browser.until(`document.documentElement.dataset.beat > 0`)
          await browser.screenshot(`${version}-${name}-${scene}`)
          expect(browser.errors).toEqual([])
        }
        await boards.close()
      }
    },
  )

  it('is paired and becomes a wall', skipUnless(hasOldBrowser(version), missing(version)), async () => {
    await using browser = await OldBrowser.open(version)
    await browser.goto(`${server.url}/wall?lang=en`)
    await browser.until(`${shownCode} !== undefined`)
    await browser.screenshot(`${version}-pairing`)
    const userCode = String(await browser.evaluate(shownCode))
    await approve(server, lead, { userCode }, { name: `Hall ${version}`, settings: { language: 'en', offShift: 'on' } })
    await browser.until(`document.querySelector('.stage') !== null`)
    expect(browser.errors).toEqual([])
  })

  it('shows the six numbers of the fallback', skipUnless(hasOldBrowser(version), missing(version)), async () => {
    await using browser = await OldBrowser.open(version)
    const boards = new BoardServer({ board: busyBoard('en') })
    await browser.goto(`${await boards.run()}/fallback.html?site=sample&lang=en`)
    await browser.until(`document.querySelectorAll('#numbers p').length === 6`)
    expect(await browser.evaluate(textOf('#numbers p'))).toContain('37')
    await browser.screenshot(`${version}-fallback`)
    expect(browser.errors).toEqual([])
    await boards.close()
  })

  it(
    'has a watchdog that gives up a wall which never draws itself',
    skipUnless(hasOldBrowser(version), missing(version)),
    async () => {
      await using browser = await OldBrowser.open(version)
      const boards = new BoardServer({ board: busyBoard('en') })
      await browser.beforeEachPage(`
      const begin = performance.now.bind(performance)
      performance.now = () => begin() * 200
      Object.defineProperty(document.documentElement.dataset, 'beat', { get: () => undefined, set() {} })
    `)
      await browser.goto(`${await boards.run()}/wall?site=sample&lang=en`)
      await browser.until(`location.pathname === '/fallback.html'`, 60_000)
      await boards.close()
    },
  )
})
