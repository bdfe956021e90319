import { setTimeout as wait } from 'node:timers/promises'
import { startInfo } from '@stagewatch/shared/contract/start.ts'
import { startNode } from '@stagewatch/test/harness/node-process.ts'
import { spawnServer } from '@stagewatch/test/harness/spawn-server.ts'
import type { SpawnedServer } from '@stagewatch/test/harness/spawn-server.ts'
import type { FreshPlace } from '../ingest/ingest-places.ts'

const lookEveryMs = 10
const patienceMs = 300_000

/** How long the command took, and how long until the server beside it had every row. */
export interface ImportRun {
  readonly commandMs: number
  readonly shownMs: number
}

/** Runs on a server of its own with a fresh database, and throws it away. */
export async function withFreshServer<T>(
  { place, remove }: FreshPlace,
  work: (server: SpawnedServer, env: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  try {
    const server = await spawnServer(place)
    const { databaseUrl, dataDirectory } = place
    const env = databaseUrl === undefined ? { DATA_DIR: dataDirectory } : { DATABASE_URL: databaseUrl }
    try {
      return await work(server, env)
    } finally {
      await server.close()
    }
  } finally {
    await remove()
  }
}

/** `stagewatch import` as a user types it, beside a server that runs. Throws unless every row was accepted and shown. */
export async function runImport(
  server: SpawnedServer,
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  rows: number,
): Promise<ImportRun> {
  const startedAt = performance.now()
  const command = startNode('server/src/cli/stagewatch.ts', ['import', ...args, '--json'], env)
  const { code, stdout, stderr } = await command.ended
  const commandMs = performance.now() - startedAt
  if (code !== 0) throw new Error(`the import ended with ${code}: ${stderr.slice(0, 500)}`)
  const { accepted } = JSON.parse(stdout) as { accepted: number }
  if (accepted !== rows) throw new Error(`the import accepted ${accepted} of ${rows} rows`)
  const latest = performance.now() + patienceMs
  while ((await eventsShown(server.url)) < rows) {
    if (performance.now() > latest) throw new Error('the server does not get the rows that were imported')
    await wait(lookEveryMs)
  }
  return { commandMs, shownMs: performance.now() - startedAt }
}

async function eventsShown(url: string): Promise<number> {
  const { sites } = startInfo.parse(await (await fetch(`${url}/api/v1/start`)).json())
  return sites.reduce((sum, { events }) => sum + (events ?? 0), 0)
}
