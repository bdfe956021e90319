import { openDatabase } from '@stagewatch/db/open-database.ts'
import { SystemClock } from '@stagewatch/server/platform/clock/clock.ts'
import { parseEnvironment } from '@stagewatch/server/platform/environment.ts'
import { serve } from '@stagewatch/server/serve.ts'
import { pino } from 'pino'

/** A line of the output: first the address and a key, then every quarter of a second the load. */
export type MeasuredLine =
  | { readonly url: string; readonly key: string }
  | {
      readonly level: number
      readonly rssBytes: number
      readonly waiting: number
      readonly lagMs: number
      readonly acceptMs: number
      readonly refused: Readonly<Record<string, number>>
    }

/** A server that reports its own load, which it could not do by requests under it. `control`: it sheds nothing. */
async function main(control: boolean): Promise<void> {
  const environment = parseEnvironment(process.env)
  const { database, lock } = await openDatabase({
    databaseUrl: environment.DATABASE_URL,
    dataDirectory: environment.DATA_DIR,
  })
  const server = await serve({
    environment,
    database,
    clock: new SystemClock({ onError: (error) => process.stderr.write(`${String(error)}\n`) }),
    logger: pino({ level: 'silent' }),
    ...(lock !== undefined && { localAdminToken: lock.token }),
    ...(control && { fixedLoadLevel: () => 0 }),
  })
  server.markReady()
  await server.sites.getOrCreate('main')
  const { key } = await server.keys.create('main', { name: 'load', scopes: ['ingest', 'read', 'admin'] })
  const print = (line: MeasuredLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`)
  print({ url: server.url, key })
  setInterval(() => {
    const { level, sample, refused } = server.load
    print({ level, rssBytes: process.memoryUsage.rss(), refused: { ...refused }, ...sample })
  }, 250).unref()
  process.once('SIGTERM', () => {
    void server
      .close()
      .then(() => database.close())
      .then(() => process.exit(0))
  })
}

await main(process.argv.includes('control'))
