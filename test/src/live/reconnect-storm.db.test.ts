import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseExposition } from '../http/exposition.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { join, openScreen } from './screen.ts'

const screenCount = 500
let server: StartedServer

beforeAll(async () => {
  server = await startServer({ clock: new VirtualClock(Date.UTC(2026, 10, 22, 12)) })
})
afterAll(() => server.close())

async function builds(): Promise<number> {
  const samples = parseExposition(await (await fetch(`${server.url}/metrics`)).text())
  return samples.get('stagewatch_board_build_duration_seconds_count{site="main"}') ?? 0
}

it('five hundred screens that reconnect at once share one snapshot', async () => {
  const screens = await Promise.all(Array.from({ length: screenCount }, () => openScreen(server.url)))
  try {
    const before = await builds()
    const answers = await Promise.all(screens.map((screen) => join(screen)))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(screenCount)
    expect((await builds()) - before).toBe(1)
  } finally {
    for (const screen of screens) screen.close()
  }
})
