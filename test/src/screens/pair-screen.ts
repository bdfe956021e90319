import { pairingDone, pairingStarted } from '@stagewatch/shared/contract/pairing.ts'
import type { PairingDone, PairingStarted } from '@stagewatch/shared/contract/pairing.ts'
import { call } from '../http/call.ts'
import type { Reply } from '../http/call.ts'
import type { StartedServer } from '../harness/start-server.ts'

type Addressed = Pick<StartedServer, 'url'>

export const pairingPath = '/api/v1/screens/pairing'

export async function startPairing({ url }: Addressed): Promise<PairingStarted> {
  return pairingStarted.parse((await call(`${url}${pairingPath}`, { method: 'POST' })).body)
}

export function poll({ url }: Addressed, { deviceCode }: Pick<PairingStarted, 'deviceCode'>): Promise<Reply> {
  return call(`${url}${pairingPath}/token`, { body: { deviceCode } })
}

export function approve(
  { url }: Addressed,
  key: string,
  { userCode }: Pick<PairingStarted, 'userCode'>,
  body: unknown = { name: 'Hall A', settings: {} },
): Promise<Reply> {
  return call(`${url}${pairingPath}/${userCode}/approve`, { key, body })
}

/** The complete pairing of one screen. */
export async function pairScreen(server: Addressed, key: string, body?: unknown): Promise<PairingDone> {
  const started = await startPairing(server)
  await approve(server, key, started, body)
  return pairingDone.parse((await poll(server, started)).body)
}
