import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { expect, it } from 'vitest'
import { join, openScreen } from '../live/screen.ts'
import { startPeopled } from './peopled-server.ts'

it('twenty sockets of one person cost the database one question with each pulse', async () => {
  const database = await openTestDatabase()
  const clock = new VirtualClock(Date.UTC(2026, 10, 25, 8))
  const asked: string[] = []
  const counted: typeof database = {
    ...database,
    values: (text, parameters) => {
      if (text.includes('user_sessions')) asked.push(text)
      return database.values(text, parameters)
    },
  }
  const server = await startPeopled({ clock, database: counted, variables: { PUBLIC_URL: 'http://board.example' } })
  const headers = { cookie: server.ada.cookie, origin: server.url }
  const screens = await Promise.all(Array.from({ length: 20 }, () => openScreen(server.url, { headers })))
  try {
    for (let heartbeats = 1; heartbeats <= 3; heartbeats++) {
      asked.length = 0
      const heartbeat = Promise.withResolvers<void>()
      screens[0]!.once('board:pulse', () => heartbeat.resolve())
      expect(await join(screens[0]!)).toMatchObject({ ok: true })
      clock.advanceTo(clock.now() + 2_000)
      await heartbeat.promise
      expect((await server.ada.call('/api/v1/me')).status).toBe(200)
      expect(asked).toHaveLength(1)
    }
    expect(screens.every((screen) => screen.connected)).toBe(true)
  } finally {
    for (const screen of screens) screen.close()
    await server.close()
    await database.close()
  }
})
