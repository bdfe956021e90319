import { resolve } from 'node:path'
import { DataDirectoryInUseError } from '@stagewatch/db/data-directory-lock.ts'
import { openDatabase } from '@stagewatch/db/open-database.ts'
import { pino } from 'pino'
import type { Logger } from 'pino'
import { systemClock } from './clock/clock.ts'
import { EnvironmentError, parseEnvironment } from './environment.ts'
import type { Environment } from './environment.ts'
import { openSample, sampleBelongs } from './sample/open-sample.ts'
import { serve } from './serve.ts'

/** Longer than any request may take; then the process ends all the same. */
const closeWithinMs = 8_000

async function main(): Promise<void> {
  const environment = parseEnvironment(process.env)
  const logger = newLogger(environment)
  const { database, lock } = await openDatabase({
    databaseUrl: environment.DATABASE_URL,
    dataDirectory: resolve(environment.DATA_DIR),
  })
  const server = await serve({
    environment,
    database,
    clock: systemClock,
    logger,
    ...(lock !== undefined && { operatorToken: lock.token }),
  })
  const { sites } = server
  const withSample = environment.DEMO === 'on' && (await sampleBelongs(database))
  const sample = withSample ? await openSample({ database, sites, clock: systemClock, logger }) : undefined
  endOn(logger, async () => {
    await sample?.stop()
    await server.close()
    await database.close()
  })
  await lock?.announce(server.url)
  await sample?.caughtUp
  server.markReady()
  const { admission } = server.identity
  const setupToken = (await admission.needsSetup()) ? await admission.newSetupToken() : undefined
  const setupLink = setupToken === undefined ? undefined : server.identity.linkTo('setup', setupToken)
  greet(environment.PUBLIC_URL ?? server.url, withSample, server.access.readsOpen, setupLink)
}

/** Lets running requests finish and ends the process: with 0 when it was asked to, with 1 when something broke. */
function endOn(logger: Logger, close: () => Promise<void>): void {
  let closing = false
  const end = (code: number): void => {
    if (closing) return
    closing = true
    setTimeout(() => process.exit(1), closeWithinMs).unref()
    close().then(
      () => process.exit(code),
      (error: unknown) => {
        logger.fatal({ err: error }, 'could not close')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', () => end(0))
  process.on('SIGINT', () => end(0))
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'unexpected error')
    end(1)
  })
}

function newLogger({ LOG_LEVEL: level }: Environment): Logger {
  return process.stdout.isTTY ? pino({ level, transport: { target: 'pino-pretty' } }) : pino({ level })
}

function greet(url: string, withSample: boolean, readsOpen: boolean, setupLink: string | undefined): void {
  const sample = withSample ? ', with a fictional factory as sample data (DEMO=off starts without)' : ''
  const setup = `  Nobody is set up yet. This link makes the first administrator, once, until the next start:
    ${setupLink}

`
  const reading = readsOpen ? 'Reading is open on this machine' : 'Whoever reads signs in or shows a key'
  process.stdout.write(`
  Stagewatch is running${sample}.

    Start page   ${url}/
    Wall         ${url}/wall
    Desk         ${url}/sign-in
    API          ${url}/docs

${setupLink === undefined ? '' : setup}  ${reading}. To send events, create a key:
    npx pnpm@12 stagewatch key create --name first --scope ingest,read

`)
}

main().catch((error: unknown) => {
  const expected = error instanceof EnvironmentError || error instanceof DataDirectoryInUseError
  process.stderr.write(`${expected ? error.message : String(error instanceof Error ? error.stack : error)}\n`)
  process.exit(1)
})
