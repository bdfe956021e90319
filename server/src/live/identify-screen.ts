import { handshake } from '@stagewatch/shared/contract/socket.ts'
import type { Socket } from 'socket.io'
import { identifyCaller, requireAction } from '../access/caller.ts'
import type { AccessRules, Caller } from '../access/caller.ts'
import { AppError } from '../app-error.ts'

/** What a socket shows of its caller: programs may send a header instead, as with requests. */
export function offeredToken({ auth, headers }: Pick<Socket['handshake'], 'auth' | 'headers'>): string | undefined {
  return handshake.safeParse(auth).data?.token ?? /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
}

/**
 * Who opened a socket, by what it offered then.
 * @throws AppError `bad_request`, `unauthorized`, `forbidden` or `rate_limited`.
 */
export async function identifyScreen(
  { auth, headers, address }: Socket['handshake'],
  access: AccessRules,
): Promise<Caller> {
  const offered = handshake.safeParse(auth)
  if (!offered.success) throw new AppError('bad_request', 'the handshake is malformed')
  const hostname = (headers.host ?? '').replace(/:\d+$/, '')
  const token = offeredToken({ auth, headers })
  const { site } = offered.data
  const caller = await identifyCaller({ token, cookie: headers.cookie, site, hostname, address }, access)
  requireAction(caller, 'board.read')
  return caller
}
