import { rm } from 'node:fs/promises'
import { createTestDataDirectory } from '@stagewatch/db/test-database.ts'
import type { EndedProcess, NodeProcess } from './node-process.ts'
import { startNode } from './node-process.ts'

/** What the server says when it is ready. */
export interface Greeting {
  readonly urls: readonly [string, ...string[]]
  readonly setupLink?: string
  readonly createKey: string
}

export interface SpawnedServer {
  /** Without a trailing slash. */
  readonly url: string
  readonly pid: number
  readonly greeting: Greeting
  /** Empty if the database is PostgreSQL and no directory was passed. */
  readonly dataDirectory: string
  /** Sends the signal and waits for the exit. */
  kill(signal: NodeJS.Signals): Promise<EndedProcess>
  /** Ends the process if it is still running, and removes the data directory unless it was passed in. */
  close(): Promise<void>
}

const readyWithinMs = 120_000

/**
 * A server in its own process, ready for requests.
 * @throws when it exits, or is not ready within two minutes.
 */
export async function spawnServer(
  options: {
    readonly dataDirectory?: string
    /** By default, the server has an embedded database. */
    readonly databaseUrl?: string
    readonly env?: NodeJS.ProcessEnv
    /** See `startNode`. */
    readonly from?: 'sources' | 'build'
    /** Program of an installation outside of the repository, started in this folder. */
    readonly installed?: { readonly program: string; readonly folder: string }
  } = {},
): Promise<SpawnedServer> {
  const { databaseUrl } = options
  const isOwn = options.dataDirectory === undefined && databaseUrl === undefined
  const dataDirectory = isOwn ? await createTestDataDirectory() : (options.dataDirectory ?? '')
  const env = {
    PORT: '0',
    DEMO: 'off',
    LOG_LEVEL: 'error',
    DATA_DIR: dataDirectory,
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
    ...options.env,
  }
  const { program = 'server/src/main.ts', folder } = options.installed ?? {}
  const server = await startNode(program, [], env, options.from, folder)
  const kill = async (signal: NodeJS.Signals): Promise<EndedProcess> => {
    server.child.kill(signal)
    return server.ended
  }
  const close = async (): Promise<void> => {
    await kill('SIGKILL')
    if (isOwn) await rm(dataDirectory, { recursive: true, force: true })
  }
  try {
    const greeting = await greetingOf(server)
    // With PUBLIC_URL, the greeting contains the URL for people.
    const port = options.env?.['PORT']
    const url = port === undefined ? greeting.urls[0] : `http://127.0.0.1:${port}`
    const ready = await fetch(`${url}/readyz`)
    if (!ready.ok) throw new Error(`the server greets and answers ${ready.status} to /readyz`)
    return { url, pid: server.child.pid ?? 0, greeting, dataDirectory, kill, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** One of the lines that the server logs. */
async function greetingOf({ child, ended }: NodeProcess): Promise<Greeting> {
  const greeting = Promise.withResolvers<Greeting>()
  let printed = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
    const [line] = /^\{.*"msg":"Stagewatch is running"\}$/m.exec(printed) ?? []
    if (line !== undefined) greeting.resolve(JSON.parse(line) as Greeting)
  })
  const timer = setTimeout(() => greeting.reject(new Error(`not ready in time: ${printed}`)), readyWithinMs)
  ended.then(
    ({ code, stderr }) => greeting.reject(new Error(`the server ended with ${code}: ${stderr}`)),
    (error: unknown) => greeting.reject(error),
  )
  return greeting.promise.finally(() => clearTimeout(timer))
}
