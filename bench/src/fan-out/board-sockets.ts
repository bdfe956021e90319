import { openEmbedded } from '@stagewatch/db/embedded.ts'
import { migrateEmbedded } from '@stagewatch/db/migrate.ts'
import { createApp } from '@stagewatch/server/app.ts'
import { systemClock } from '@stagewatch/server/clock/clock.ts'
import { openBoardSockets } from '@stagewatch/server/live/board-sockets.ts'
import { ScreenSockets } from '@stagewatch/server/live/screen-sockets.ts'
import { mainSite } from '@stagewatch/server/sites/site.ts'
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
  const sockets = openBoardSockets({
    server,
    sites: app.sites,
    access: app.access,
    screens: new ScreenSockets(app.screens, logger),
    publicUrl: undefined,
    build: 'bench',
    logger,
  })
  const port = await listen(server)
  return { port, push: (delta) => sockets.send(mainSite, delta) }
}
