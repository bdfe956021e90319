import { setTimeout as wait } from 'node:timers/promises'
import { startInfo } from '@stagewatch/shared/contract/start.ts'
import { startNode } from '@stagewatch/test/harness/node-process.ts'
import { spawnServer } from '@stagewatch/test/harness/spawn-server.ts'
import type { SpawnedServer } from '@stagewatch/test/harness/spawn-server.ts'
import type { FreshPlace } from '../ingest/ingest-places.ts'
import type { DatabasePlace } from '../ingest/ingest-settings.ts'
import { CpuWatch } from './cpu-watch.ts'

const lookEveryMs = 10
const patienceMs = 600_000

/** Resources that the command used. */
export interface CommandRun {
  readonly commandMs: number
  /**
   * CPU time of the command and of the backends that it opened, in seconds; undefined if the machine does not report
   * it.
   */
  readonly cpuS: number | undefined
}

/** Includes the time until the server next to it had every row. */
export interface ImportRun extends CommandRun {
  readonly shownMs: number
}

export function envOf({ databaseUrl, dataDirectory }: DatabasePlace): NodeJS.ProcessEnv {
  return databaseUrl === undefined ? { DATA_DIR: dataDirectory } : { DATABASE_URL: databaseUrl }
}

/** Runs on a separate server with a fresh database, which is dropped afterwards. */
export async function withFreshServer<T>(
  { place, remove }: FreshPlace,
  work: (server: SpawnedServer, env: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  try {
    const server = await spawnServer(place)
    try {
      return await work(server, envOf(place))
    } finally {
      await server.close()
    }
  } finally {
    await remove()
  }
}

/** Runs `stagewatch import` as a user would. @throws unless every row was accepted. */
export async function runCommand(env: NodeJS.ProcessEnv, args: readonly string[], rows: number): Promise<CommandRun> {
  const startedAt = performance.now()
  const command = await startNode('server/src/cli/stagewatch.ts', ['import', ...args, '--json'], env)
  const watch = await CpuWatch.of(command.child.pid ?? 0, env['DATABASE_URL'])
  const { code, stdout, stderr } = await command.ended
  const commandMs = performance.now() - startedAt
  const cpuS = await watch.end()
  if (code !== 0) throw new Error(`the import ended with ${code}: ${stderr.slice(0, 500)}`)
  const { accepted } = JSON.parse(stdout) as { accepted: number }
  if (accepted !== rows) throw new Error(`the import accepted ${accepted} of ${rows} rows`)
  return { commandMs, cpuS }
}

/** The same next to a running server. @throws unless the server shows every row. */
export async function runImport(
  server: SpawnedServer,
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  rows: number,
): Promise<ImportRun> {
  const startedAt = performance.now()
  const command = await runCommand(env, args, rows)
  const latest = performance.now() + patienceMs
  while ((await eventsShown(server.url)) < rows) {
    if (performance.now() > latest) throw new Error('the server does not get the rows that were imported')
    await wait(lookEveryMs)
  }
  return { ...command, shownMs: performance.now() - startedAt }
}

async function eventsShown(url: string): Promise<number> {
  const { sites } = startInfo.parse(await (await fetch(`${url}/api/v1/start`)).json())
  return sites.reduce((sum, { events }) => sum + (events ?? 0), 0)
}
