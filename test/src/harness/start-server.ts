import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { systemClock } from '@stagewatch/server/platform/clock/clock.ts'
import type { Clock } from '@stagewatch/server/platform/clock/clock.ts'
import { parseEnvironment } from '@stagewatch/server/platform/environment.ts'
import { openSample } from '@stagewatch/server/sample/open-sample.ts'
import type { RunningServer } from '@stagewatch/server/serve.ts'
import { serve } from '@stagewatch/server/serve.ts'
import type { KeyScope } from '@stagewatch/shared/contract/admin.ts'
import { pino } from 'pino'
import type { Logger } from 'pino'

export interface StartedServer {
  /** Without a trailing slash. */
  readonly url: string
  readonly server: RunningServer
  readonly database: Database
  /** @param site created if it does not exist. */
  createKey(scopes: readonly KeyScope[], site?: string): Promise<string>
  close(): Promise<void>
}

/** A server in this process on its own port; closing it closes its database unless that was passed in. */
export async function startServer(
  options: {
    readonly clock?: Clock
    readonly database?: Database
    /** A free port by default. */
    readonly port?: string
    /** With the sample factory, up to date; `begun`: with its site, but only the beginning of its month of events. */
    readonly demo?: boolean | 'begun'
    /** Nothing is logged by default. */
    readonly logger?: Logger
    /** Variables besides `PORT` and `DEMO`. */
    readonly variables?: Readonly<Record<string, string>>
    /** With which commands on this machine authenticate. */
    readonly localAdminToken?: string
    /** See `LoadMonitorOptions`; by default 0, because the server shares its main thread with the test. */
    readonly fixedLoadLevel?: () => number
  } = {},
): Promise<StartedServer> {
  const {
    clock = systemClock,
    demo = false,
    port = '0',
    variables,
    localAdminToken,
    fixedLoadLevel = () => 0,
  } = options
  const database = options.database ?? (await openTestDatabase())
  const logger = options.logger ?? pino({ level: 'silent' })
  const folder = join(tmpdir(), `stagewatch-server-${randomUUID()}`)
  const environment = parseEnvironment({
    UPLOAD_DIR: join(folder, 'uploads'),
    AUDIT_HEADS_DIR: join(folder, 'audit-heads'),
    ARCHIVE_DIR: join(folder, 'archives'),
    ...variables,
    PORT: port,
    DEMO: demo === false ? 'off' : 'on',
  })
  const server = await serve({
    environment,
    database,
    clock,
    logger,
    ...(localAdminToken !== undefined && { localAdminToken }),
    fixedLoadLevel,
  })
  const sample = demo === false ? undefined : await openSample({ database, sites: server.sites, clock, logger })
  await (demo === 'begun' ? sample?.stop() : sample?.caughtUp)
  server.markReady()
  return {
    url: server.url,
    server,
    database,
    async createKey(scopes, site = 'main') {
      await server.sites.getOrCreate(site)
      const { key } = await server.keys.create(site, { name: 'test', scopes: [...scopes] })
      return key
    },
    async close() {
      await sample?.stop()
      await server.close()
      if (options.database === undefined) await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
