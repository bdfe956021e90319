import { handshake } from '@stagewatch/shared/contract/socket.ts'
import type { Socket } from 'socket.io'
import { bearer } from '../platform/http/same-origin.ts'
import { identifyCaller, requireAction } from '../access/caller.ts'
import type { AccessRules, Caller } from '../access/caller.ts'
import { clientAddress } from '../platform/http/client-address.ts'
import { isForwarded } from '../platform/http/forwarded.ts'
import { hostnameOf } from '../platform/http/served-hosts.ts'
import { AppError } from '../platform/app-error.ts'

/** The token in a socket's handshake; programs may send it in a header, as with requests. */
export function offeredToken({ auth, headers }: Pick<Socket['handshake'], 'auth' | 'headers'>): string | undefined {
  return handshake.safeParse(auth).data?.token ?? bearer(headers.authorization)
}

/**
 * Identifies the caller of a socket by its handshake.
 * @throws AppError `bad_request`, `unauthorized`, `forbidden` or `rate_limited`.
 */
export async function identifyScreen(
  { auth, headers, address: peer }: Socket['handshake'],
  access: AccessRules,
): Promise<Caller> {
  const offered = handshake.safeParse(auth)
  if (!offered.success) throw new AppError('bad_request', 'the handshake is malformed')
  const credentials = {
    token: offeredToken({ auth, headers }),
    cookie: headers.cookie,
    site: offered.data.site,
    hostname: hostnameOf(headers.host),
    // A socket starts with an upgrade, which HTTP/1.0 does not support.
    isForwarded: isForwarded({ headers, httpVersion: '1.1' }),
    address: clientAddress(peer, headers, access.proxies),
  }
  const caller = await identifyCaller(credentials, access)
  requireAction(caller, 'board.read')
  return caller
}
