import type { Page, WebSocketRoute } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { deskAnswers } from '../fixture/desk-answers.ts'
import { test } from '../harness/browser-test.ts'
import { languagesFor } from '../harness/skip.ts'
import { openDeskAs, windowsIn } from './desk-page.ts'
import { startDeskPlant, type DeskPlant } from './desk-plant.ts'
import {
  bannerOf,
  deskPaths,
  goWithin,
  headerOf,
  linesOf,
  loadedWithin,
  expectAccessible,
  tourTimeoutMs,
} from './desk-tour.ts'

let plant: DeskPlant
beforeAll(async () => {
  plant = await startDeskPlant()
}, 60_000)
afterAll(() => plant.close())

// There is no import on this site.
const paths = deskPaths.filter((path) => path !== '/imports/1').map((path) => path.replace('SO-1', 'CUT-000'))

/** Whether the plant itself answers: the socket also sends these. */
const isOwn = (path: string): boolean => ['/api/v1/me', '/api/v1/tasks'].includes(path)

/** Adds lists that this plant does not have, such as alerts and people, to the answers of its server. */
async function addLists(page: Page): Promise<void> {
  const answers = deskAnswers('administrator', Date.now())
  await page.route(/\/api\/v1\//, (route) => {
    const request = route.request()
    const path = new URL(request.url()).pathname
    const answer = isOwn(path) ? undefined : answers[`${request.method()} ${path}`]
    return answer === undefined ? route.continue() : route.fulfill({ json: answer })
  })
}

/** A network to the server that can be cut; the sockets that are open then end. */
async function openNetwork(page: Page): Promise<() => Promise<void>> {
  const sockets: WebSocketRoute[] = []
  let isCut = false
  await page.routeWebSocket(/socket\.io/, (socket) => {
    if (isCut) return socket.close()
    socket.connectToServer()
    sockets.push(socket)
    return undefined
  })
  return async () => {
    isCut = true
    await page.route(/\/(api\/v1\/|readyz|healthz)/, (route) => route.abort())
    await Promise.all(sockets.map((socket) => socket.close()))
  }
}

describe.each(languagesFor('en'))('every page of the desk in %s', (language) => {
  for (const viewport of windowsIn(language)) {
    test(
      `keeps its data without the server, says as of when, and does not look live: ${viewport.width} px`,
      { timeout: tourTimeoutMs },
      async ({ browser }) => {
        const desk = await openDeskAs(browser, plant.url, plant.ada, '/readyz', { language, viewport })
        const { page } = desk
        await addLists(page)
        const cut = await openNetwork(page)
        await page.goto(`${plant.url}/account`)
        await page.locator('h1').waitFor()
        const before = new Map<string, string[]>()
        for (const path of paths) {
          await goWithin(page, path, '')
          await loadedWithin(page)
          before.set(path, await linesOf(page))
        }
        await cut()
        await page
          .getByRole('alert')
          .getByText(/has not responded since|起没有响应/)
          .waitFor()
        const wrong: unknown[] = []
        for (const [place, path] of paths.entries()) {
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
          await expectAccessible(page, path, place)
        }
        expect(wrong).toEqual([])
        expect(desk.errors).toEqual([])
      },
    )
  }
})
