import { fork } from 'node:child_process'
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { nextMessage } from '../next-message.ts'
import type { FilledSettings, ServerServing } from './filled-server.ts'

export interface FilledServer extends ServerServing {
  readonly localAdminToken: string
  readonly stop: () => Promise<void>
}

/** Starts a server in its own process; resolves when it serves requests. */
export async function startFilledServer(databaseUrl: string): Promise<FilledServer> {
  const settings: FilledSettings = { databaseUrl, localAdminToken: randomBytes(32).toString('base64url') }
  const server = fork(new URL('filled-server.ts', import.meta.url), [JSON.stringify(settings)])
  const serving = await nextMessage<ServerServing, 'serving'>(server, 'serving')
  const stop = async () => {
    server.kill('SIGKILL')
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
  }
  return { ...serving, localAdminToken: settings.localAdminToken, stop }
}
