import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { nextMessage } from '../next-message.ts'
import type { ServerListening } from './ingest-server.ts'
import type { DatabasePlace } from './ingest-settings.ts'

export interface IngestServer {
  /** Id of its process. */
  readonly pid: number
  readonly url: string
  readonly localAdminToken: string
}

/** Starts the server in its own process, which ends with the stack. */
export async function startIngestServer(place: DatabasePlace, opened: AsyncDisposableStack): Promise<IngestServer> {
  const localAdminToken = randomBytes(32).toString('base64url')
  const server = fork(new URL('ingest-server.ts', import.meta.url), [JSON.stringify({ ...place, localAdminToken })])
  opened.defer(() => void server.kill())
  const { url } = await nextMessage<ServerListening, 'listening'>(server, 'listening')
  if (server.pid === undefined) throw new Error('the server has not started')
  return { pid: server.pid, url, localAdminToken }
}
