import { openDatabase } from '@stagewatch/db/open-database.ts'
import { systemClock } from '@stagewatch/server/platform/clock/clock.ts'
import { parseEnvironment } from '@stagewatch/server/platform/environment.ts'
import { serve } from '@stagewatch/server/serve.ts'
import { pino } from 'pino'

export interface FilledSettings {
  readonly databaseUrl: string
  readonly localAdminToken: string
}

export interface ServerServing {
  readonly is: 'serving'
  readonly url: string
  /** From the connection to the database until the server reports that it is ready. */
  readonly elapsedMs: number
  readonly memoryMb: number
  /** Creates the first administrator. */
  readonly setupToken: string
}

/** Starts the product on full tables. */
const { databaseUrl, localAdminToken }: FilledSettings = JSON.parse(process.argv[2] ?? '{}')
const { database } = await openDatabase({ databaseUrl, dataDirectory: '' })
await database.query('select 1')
const startedAt = performance.now()
const server = await serve({
  environment: parseEnvironment({ PORT: '0' }),
  database,
  clock: systemClock,
  logger: pino({ level: 'error' }),
  localAdminToken,
  // A benchmark offers more than the server can carry on purpose.
  fixedLoadLevel: () => 0,
})
server.markReady()
const ready = await fetch(`${server.url}/readyz`)
if (!ready.ok) throw new Error(`the server answers ${ready.status} to /readyz`)
const elapsedMs = performance.now() - startedAt
process.on('disconnect', () => process.exit())
const serving: ServerServing = {
  is: 'serving',
  url: server.url,
  elapsedMs,
  memoryMb: process.memoryUsage().rss / 1024 ** 2,
  setupToken: await server.identity.enrollment.newSetupToken(),
}
process.send?.(serving)
