import { openEmbedded } from '@stagewatch/db/embedded.ts'
import { migrateEmbedded } from '@stagewatch/db/migrate.ts'
import { createApp } from '@stagewatch/server/app.ts'
import { audienceKey, everybody } from '@stagewatch/shared/domain/access/audience.ts'
import { systemClock } from '@stagewatch/server/platform/clock/clock.ts'
import { openBoardSockets } from '@stagewatch/server/live/board-sockets.ts'
import { ScreenSockets } from '@stagewatch/server/screens/screen-sockets.ts'
import { mainSite } from '@stagewatch/server/platform/site.ts'
import { pino } from 'pino'
import { listen } from './push-target.ts'
import type { PushTarget } from './push-target.ts'

/** The product: its sockets as the server opens them, with screens that have joined a board. */
export async function startBoardSockets(): Promise<PushTarget> {
  const database = await openEmbedded()
  await migrateEmbedded(database.pglite)
  const logger = pino({ level: 'silent' })
  const app = await createApp({ database, clock: systemClock, logger, readsOpen: true })
  await app.http.ready()
  const { server } = app.http
  openBoardSockets({
    server,
    sites: app.sites,
    rooms: app.rooms,
    queries: app.queries,
    database,
    clock: systemClock,
    clockSteps: app.clockSteps,
    load: app.load,
    access: app.access,
    screens: new ScreenSockets(app.screens, logger),
    hosts: app.hosts,
    publicUrl: undefined,
    build: 'bench',
    logger,
  })
  const port = await listen(server)
  const audience = audienceKey(everybody)
  return { port, push: (delta) => app.rooms.delta({ site: mainSite, audience, board: delta.board }, delta) }
}
