import { openDatabase } from '@stagewatch/db/open-database.ts'
import { systemClock } from '@stagewatch/server/platform/clock/clock.ts'
import { parseEnvironment } from '@stagewatch/server/platform/environment.ts'
import { serve } from '@stagewatch/server/serve.ts'
import { mainSite } from '@stagewatch/server/platform/site.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { pino } from 'pino'
import type { DatabasePlace } from './ingest-settings.ts'
import { stages } from './order-events.ts'

type ServerSettings = DatabasePlace & { readonly localAdminToken: string }
export interface ServerListening {
  readonly is: 'listening'
  readonly url: string
}

/** Starts the product, with a process whose stages have targets. */
const { localAdminToken, ...place }: ServerSettings = JSON.parse(process.argv[2] ?? '{}')
const { database } = await openDatabase(place)
const server = await serve({
  environment: parseEnvironment({ PORT: '0' }),
  database,
  clock: systemClock,
  logger: pino({ level: 'error' }),
  localAdminToken,
  // A benchmark offers more than the server can carry on purpose.
  fixedLoadLevel: () => 0,
})
const pipeline = await server.sites.get(mainSite)
await pipeline.saveProcess({
  code: pipeline.catalog.defaultProcess,
  name: { zh: '订单', en: 'Orders' },
  stages: stages.map((code) => ({ ...plainStage(code), targetMs: 3_600_000, stallAfterMs: 6 * 3_600_000 })),
  acceptsNewStages: false,
  goals: {},
})
server.markReady()
process.on('disconnect', () => process.exit())
const listening: ServerListening = { is: 'listening', url: server.url }
process.send?.(listening)
