import { openDatabase } from '@stagewatch/db/open-database.ts'
import { parseEnvironment } from '@stagewatch/server/platform/environment.ts'
import { serve } from '@stagewatch/server/serve.ts'
import { pino } from 'pino'
import { SimulatedClock } from './simulated-clock.ts'
import type { Simulation } from './simulated-time.ts'

/** By how much a signal sets the clock ahead, and the next one back. */
const stepMs = 20 * 60_000

/** A server in its own process, whose wall clock is that of a simulation. SIGUSR2 sets it, and sets it right again. */
async function main(): Promise<void> {
  const environment = parseEnvironment(process.env)
  const simulation = JSON.parse(process.env['SIMULATION'] ?? '') as Simulation
  const logger = pino({ level: 'error' })
  const { database } = await openDatabase({ databaseUrl: environment.DATABASE_URL, dataDirectory: '' })
  const clock = new SimulatedClock(simulation, (error) => logger.error({ err: error }, 'a scheduled task failed'))
  const server = await serve({ environment, database, clock, logger })
  let isAhead = false
  process.on('SIGUSR2', () => {
    clock.set(isAhead ? -stepMs : stepMs)
    isAhead = !isAhead
  })
  process.once('SIGTERM', () => {
    void server
      .close()
      .then(() => database.close())
      .then(() => process.exit(0))
  })
  server.markReady()
}

await main()
