import type { BrowserContext, Page } from 'playwright-core'
import type { DeskState } from './fixture/desk-states.ts'
import { enterSample, openState, type Cookies } from './fixture/sample-desk.ts'
import { buildClient } from '@stagewatch/packaging/build-client.ts'
import { takeDeskShots, type DeskShot } from './harness/desk-shots.ts'
import { startServer } from './harness/start-server.ts'

/**
 * Takes screenshots of overview, orders, one order and first run in every state, from the running sample, for visual
 * review: `node test/src/screenshot-sample.ts [--theme dark] [--size phone] [--language zh] [name …]`.
 */
await buildClient()
const server = await startServer({ demo: true })
try {
  const { states, cookies } = await enterSample(server)
  await takeDeskShots(states.map((state) => shotOf(state, cookies[state.as ?? 'manager'])))
} finally {
  await server.close()
}

function shotOf(state: DeskState, cookies: Cookies): DeskShot {
  const { name, isWindowOnly, hasNoPhone } = state
  return {
    name,
    ...(isWindowOnly !== undefined && { isWindowOnly }),
    ...(hasNoPhone !== undefined && { hasNoPhone }),
    async open(page: Page, context: BrowserContext) {
      await context.addCookies(cookies)
      await openState(page, server.url, state)
      return undefined
    },
  }
}
