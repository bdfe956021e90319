import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { DataDirectoryInUseError } from '@stagewatch/db/data-directory-lock.ts'
import { openDatabase } from '@stagewatch/db/open-database.ts'
import { productVersion } from '@stagewatch/db/product-version.ts'
import { UnusableDatabaseError } from '@stagewatch/db/unusable-database.ts'
import closeWithGrace from 'close-with-grace'
import { pino } from 'pino'
import type { Logger } from 'pino'
import { SystemClock } from './platform/clock/clock.ts'
import { stagewatchCommand, startCommand } from './platform/command-names.ts'
import { commandSettings, fileSettings } from './platform/command-settings.ts'
import { EnvironmentError, parseEnvironment } from './platform/environment.ts'
import type { Environment } from './platform/environment.ts'
import { wantedSignals } from './ops/telemetry/wanted-signals.ts'
import { traceFields } from './platform/tracing/active-span.ts'
import { openSample, sampleBelongs } from './sample/open-sample.ts'
import { ListenError } from './platform/http/listen.ts'
import { serve } from './serve.ts'

const usage = `usage: ${startCommand}

Runs the server until it is stopped (Ctrl-C or SIGTERM). It takes no arguments: its settings come from the
environment or from a file .env, see .env.example.
`

/** Longer than any request may take; after that, the process exits anyway. */
const closeWithinMs = 8_000

async function main(): Promise<void> {
  // Files written by the server are readable by their owner only.
  process.umask(0o077)
  const environment = parseEnvironment(process.env)
  const logger = newLogger(environment, wantedSignals(environment).includes('traces'))
  const clock = new SystemClock({ onError: (error) => logger.error({ err: error }, 'a scheduled task failed') })
  const { database, lock, newerVersion } = await openDatabase({
    databaseUrl: environment.DATABASE_URL,
    dataDirectory: resolve(environment.DATA_DIR),
  })
  if (newerVersion !== undefined)
    logger.warn(
      { version: productVersion, newerVersion },
      'the database was migrated by a newer version, with which this one can run: upgrade this instance as well',
    )
  const server = await serve({
    environment,
    database,
    clock,
    logger,
    ...(lock !== undefined && { localAdminToken: lock.token }),
  })
  const { sites } = server
  const withSample = environment.DEMO === 'on' && (await sampleBelongs(database))
  const sample = withSample ? await openSample({ database, sites, clock, logger }) : undefined
  endOn(logger, async () => {
    await sample?.stop()
    await server.close()
    await database.close()
  })
  await lock?.announce(server.url)
  await sample?.caughtUp
  server.markReady()
  const { enrollment } = server.identity
  const setupToken = (await enrollment.needsSetup()) ? await enrollment.newSetupToken() : undefined
  const setupLink = setupToken === undefined ? undefined : server.identity.linkTo('setup', setupToken)
  const urls = environment.PUBLIC_URL === undefined ? server.urls : [environment.PUBLIC_URL]
  const settings = commandSettings(environment, fileSettings())
  greet({ urls, withSample, readsOpen: server.access.readsOpen, setupLink }, settings)
}

/** Signals that the kernel sends for a fault of the process itself: no JavaScript may run after them. */
const faults = ['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV'] as const

/**
 * Lets running requests finish and exits: with 0 on request, with 1 after an error, and immediately at a second
 * request.
 */
function endOn(logger: Logger, close: () => Promise<void>): void {
  closeWithGrace({ delay: closeWithinMs, logger, skip: [...faults] }, async ({ err }) => {
    if (err !== undefined) logger.fatal({ err }, 'unexpected error')
    await close()
  })
}

/**
 * Text on a terminal, in the time of the machine; otherwise JSON lines, for whatever collects them.
 * @param isTraced lines contain the trace that they belong to.
 */
function newLogger({ LOG_LEVEL: level }: Pick<Environment, 'LOG_LEVEL'>, isTraced = false): Logger {
  const options = { ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }
  const common = { level, ...(isTraced && { mixin: traceFields }) }
  return process.stdout.isTTY ? pino({ ...common, transport: { target: 'pino-pretty', options } }) : pino(common)
}

interface Greeting {
  /** Addresses of the server, without a trailing slash; the first is the one that people are given. */
  readonly urls: readonly string[]
  readonly withSample: boolean
  readonly readsOpen: boolean
  /** Only while there are no users. */
  readonly setupLink: string | undefined
}

/** Says that the server is ready, and how to go on, whatever the minimum severity of log lines is. */
function greet(greeting: Greeting, settings: string): void {
  const createKey = `${settings}${stagewatchCommand} key create --name first --scope ingest,read`
  if (process.stdout.isTTY) process.stdout.write(greetingText(greeting, createKey))
  else newLogger({ LOG_LEVEL: 'info' }).info({ ...greeting, createKey }, 'Stagewatch is running')
}

function greetingText({ urls, withSample, readsOpen, setupLink }: Greeting, createKey: string): string {
  const [url = '', ...others] = urls
  const sample = withSample ? ', with a fictional factory as sample data (DEMO=off starts without)' : ''
  const setup = `  There are no users yet. This link creates the first administrator; it works once, until the next start:
    ${setupLink}

`
  const reading = readsOpen
    ? 'Reading requires no sign-in on this machine'
    : 'Reading requires signing in or an API key'
  return `
  Stagewatch is running${sample}.

    Start page   ${url}/
    Wall         ${url}/wall
    Desk         ${url}/sign-in
    API          ${url}/docs
${others.map((other) => `    Also         ${other}/\n`).join('')}
${setupLink === undefined ? '' : setup}  ${reading}. To send events, create a key:
    ${createKey}

`
}

/** The exit code if the arguments do not ask to start the server; otherwise undefined. */
function answerArguments(args: readonly string[]): 0 | 2 | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options: { help: { type: 'boolean', short: 'h' } } })
    if (values.help !== true) return undefined
    process.stdout.write(usage)
    return 0
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return 2
  }
}

function fail(error: unknown): never {
  const expected =
    error instanceof EnvironmentError ||
    error instanceof DataDirectoryInUseError ||
    error instanceof UnusableDatabaseError ||
    error instanceof DatabaseUnavailableError ||
    error instanceof ListenError
  process.stderr.write(`${expected ? error.message : String(error instanceof Error ? error.stack : error)}\n`)
  process.exit(1)
}

const [word, ...rest] = process.argv.slice(2)
// The npm package also starts the server as `stagewatch start`.
const answered = answerArguments(word === 'start' ? rest : process.argv.slice(2))
if (answered === undefined) main().catch(fail)
else process.exitCode = answered
