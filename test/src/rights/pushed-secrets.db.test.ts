import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { join, openScreen } from '../live/screen.ts'
import { moveOn, plantSecrets, secret } from './secret-plant.ts'
import { eventually } from '../harness/eventually.ts'

const clock = new VirtualClock(Date.UTC(2026, 10, 24, 16))
let server: PeopledServer

beforeAll(async () => {
  server = await startPeopled({ clock, variables: { PUBLIC_URL: 'http://stagewatch.example' } })
  await plantSecrets(server)
})
afterAll(() => server.close())

it.each([
  { departments: ['store'], round: 101, isTold: false },
  { departments: undefined, round: 102, isTold: true },
])('who may see $departments is pushed what happens there and nothing else', async ({ departments, round, isTold }) => {
  const visitor = await server.join(`viewer-${round}@example.com`, {
    role: 'viewer',
    ...(departments && { departments }),
  })
  const screen = await openScreen(server.url, { headers: { cookie: visitor.cookie, origin: server.url } })
  const pushed: string[] = []
  screen.onAny((...message) => pushed.push(JSON.stringify(message)))
  try {
    expect(secret.test(JSON.stringify(await join(screen)))).toBe(isTold)
    await moveOn(server, round)
    clock.advanceTo(clock.now() + 1_000)
    // Both orders arrived before the push that names the second.
    await eventually(() => expect(pushed.join()).toContain(`"order":"S-${round}"`))
    expect(secret.test(pushed.join())).toBe(isTold)
  } finally {
    screen.close()
  }
})
