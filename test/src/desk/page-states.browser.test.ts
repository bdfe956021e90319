import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { deskAnswers } from '../fixture/desk-answers.ts'
import { DeskServer } from '../fixture/desk-server.ts'
import { test } from '../harness/browser-test.ts'
import { languagesFor } from '../harness/skip.ts'
import { openDesk, windowsIn } from './desk-page.ts'
import { deskPaths, goWithin, expectAccessible, tourTimeoutMs } from './desk-tour.ts'

/** What the server answers to everything but the question who is signed in, and what then is on every page. */
const states = {
  loading: { answer: 'never', sign: ' [role="status"]' },
  error: { answer: 'internal', sign: ' [role="alert"]' },
  'without permission': { answer: 'none', sign: ' h2' },
  disconnected: { answer: 'cut', sign: ' [role="alert"]' },
} as const
type State = keyof typeof states

let server: DeskServer
let url: string
beforeAll(async () => {
  server = new DeskServer(deskAnswers('administrator', Date.now()))
  url = await server.run()
})
afterAll(() => server.close())

/** Answers in place of the server, so that all states are shown by one page. */
async function answer(page: Page, state: State): Promise<void> {
  const kind = states[state].answer
  await page.route(/\/(api\/v1\/|readyz)/, async (route) => {
    const { pathname } = new URL(route.request().url())
    if (pathname === '/api/v1/me') {
      const response = await route.fetch()
      const me: object = await response.json()
      return route.fulfill({ json: kind === 'none' ? { ...me, actions: [], role: 'viewer' } : me })
    }
    if (kind === 'cut') return route.abort()
    if (kind === 'none' || pathname === '/readyz') return route.continue()
    if (kind === 'never') return undefined
    return route.fulfill({ status: 500, json: { code: 'internal', message: 'x', requestId: '7f3a9c21d04e8b65' } })
  })
}

describe.each(languagesFor('zh'))('every page of the desk in %s', (language) => {
  for (const viewport of windowsIn(language)) {
    test.for(Object.keys(states) as State[])(
      `shows the state "%s" without cutting off or covering any text or shutting anybody out: ${viewport.width} px`,
      { timeout: tourTimeoutMs },
      async (state, { browser }) => {
        const desk = await openDesk(browser, `${url}/readyz`, { language, viewport })
        await answer(desk.page, state)
        await desk.page.goto(`${url}/account`)
        await desk.page.locator('h1').waitFor()
        const wrong: unknown[] = []
        const tour = Object.keys(states).indexOf(state)
        for (const [place, path] of deskPaths.entries()) {
          if (!(await goWithin(desk.page, path, states[state].sign))) wrong.push([path, 'does not show the state'])
          const problems = await desk.problems()
          if (problems.length > 0) wrong.push([path, problems])
          await expectAccessible(desk.page, path, place + tour)
        }
        expect(wrong).toEqual([])
        expect(desk.errors).toEqual([])
      },
    )
  }
})

test('a page whose script is on its way says that it is loading', async ({ browser }) => {
  const desk = await openDesk(browser, `${url}/readyz`)
  // The script of the page around the analyses arrives, so that only those of the analyses are missing.
  await desk.page.route(/assets\/(?!analysis-)[a-z-]+-page-[^/]*\.js$/, () => undefined)
  const silent: string[] = []
  for (const path of ['/overview', '/orders/SO-1', '/analysis/flow', '/processes/default', '/account', '/sign-in']) {
    await desk.page.goto(url + path, { waitUntil: 'commit' })
    const status = desk.page.locator('main [role=status]')
    await status.waitFor({ timeout: 5_000 }).catch(() => silent.push(path))
  }
  expect(silent).toEqual([])
})
