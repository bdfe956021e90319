import type { Role } from '@stagewatch/shared/domain/access/action.ts'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { test } from '../harness/browser-test.ts'
import { languagesFor } from '../harness/skip.ts'
import { startPeopled, type PeopledServer } from '../identity/peopled-server.ts'
import { openDeskAs, windowsIn, type DeskPage } from './desk-page.ts'
import { contentOf, deskPaths, goWithin, loadedWithin, expectAccessible, tourTimeoutMs } from './desk-tour.ts'

let server: PeopledServer
beforeAll(async () => {
  server = await startPeopled()
}, 60_000)
afterAll(() => server.close())

/** Pages that only report: nothing can be added to them. */
const reports = new Set(['/status', '/changes'])

/** What is wrong with a page without data, which should say why it is empty and what to do. */
async function problemsOf(desk: DeskPage, path: string, mayDoAll: boolean): Promise<unknown[]> {
  const { page } = desk
  if (!(await goWithin(page, path, ''))) return ['does not open']
  await loadedWithin(page)
  const content = page.locator('#content')
  const steps = await content.locator('a[href]:not(nav *), button:not(nav *), input').count()
  return [
    ...((await contentOf(page)).trim().length < 8 ? ['is empty'] : []),
    ...((await content.locator('[role=alert]').count()) > 0 ? ['shows an error'] : []),
    ...(mayDoAll && steps === 0 && !reports.has(path) ? ['offers no next step'] : []),
    ...(await desk.problems()),
  ]
}

async function problemsOfAll(desk: DeskPage, mayDoAll: boolean): Promise<unknown[]> {
  await desk.page.locator('h1').waitFor()
  const wrong: unknown[] = []
  for (const [place, path] of deskPaths.entries()) {
    const problems = await problemsOf(desk, path, mayDoAll)
    if (problems.length > 0) wrong.push([path, problems])
    if (mayDoAll) await expectAccessible(desk.page, path, place)
  }
  return wrong
}

describe.each(languagesFor('zh'))('every page of a site that has nothing yet, in %s', (language) => {
  for (const viewport of windowsIn(language)) {
    test(`says so and offers a next step: ${viewport.width} px`, { timeout: tourTimeoutMs }, async ({ browser }) => {
      const desk = await openDeskAs(browser, server.url, server.ada, '/account', { language, viewport })
      expect(await problemsOfAll(desk, true)).toEqual([])
      expect(desk.errors).toEqual([])
    })
  }
})

test.for<Role>(['manager', 'lead', 'operator', 'viewer'])(
  'a new %s of a site that has nothing yet starts on a page with content, and finds some on every other page',
  async (role, { browser }) => {
    const scope = role === 'lead' ? { departments: ['store'] } : {}
    const visitor = await server.join(`${role}@example.com`, { role, ...scope })
    const desk = await openDeskAs(browser, server.url, visitor, '/home')
    await desk.page.waitForURL((url) => url.pathname !== '/home')
    await desk.page.locator('#content').getByText(/\w{3}/).first().waitFor()
    expect(await desk.page.getByText('You do not have access').count()).toBe(0)
    await desk.page.goto(`${server.url}/account`)
    expect(await problemsOfAll(desk, false)).toEqual([])
  },
)
