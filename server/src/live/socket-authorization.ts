import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { audienceKey } from '@stagewatch/shared/domain/access/audience.ts'
import type { Logger } from 'pino'
import { audienceOf } from '../access/caller.ts'
import { clientAddress } from '../platform/http/client-address.ts'
import type { AccessRules, Caller } from '../access/caller.ts'
import { AppError } from '../platform/app-error.ts'
import { coalesce } from '../platform/coalesce.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import type { BoardSocket, ScreenChannel } from './board-socket.ts'
import { identifyScreen } from './identify-screen.ts'

/** Where the database tells that memberships, keys, sessions, screens or the privacy of a site have changed. */
export const accessChannel = 'stagewatch_access'

interface SocketAuthorizationOptions {
  readonly access: AccessRules
  readonly sites: SiteRegistry
  readonly screens: ScreenChannel
  readonly logger: Logger
  /** All that are connected. */
  readonly sockets: () => Iterable<BoardSocket>
}

/**
 * Keeps open sockets to what their callers may see now. Each socket is identified again by what it offered when it
 * connected; one whose caller is shown another site or another audience than before is disconnected, and starts afresh.
 */
export class SocketAuthorization {
  readonly #options: SocketAuthorizationOptions
  /** Counts the rechecks, so that a socket which was identified before the last one is known. */
  #round = 0

  constructor(options: SocketAuthorizationOptions) {
    this.#options = options
  }

  /** Identifies a socket before it is connected. @throws AppError as `identifyScreen` does. */
  async identify(socket: BoardSocket): Promise<void> {
    socket.data.identifiedIn = this.#round
    const { address, headers } = socket.handshake
    socket.data.address = clientAddress(address, headers, this.#options.access.proxies)
    socket.data.caller = await identifyScreen(socket.handshake, this.#options.access)
  }

  /** A socket is connected: what changed since it was identified has passed it by. */
  connected(socket: BoardSocket): void {
    if (socket.data.identifiedIn !== this.#round) void this.#recheck(socket)
  }

  /** Rechecks every socket. Calls that arrive while a round runs share the next one. */
  readonly recheckAll = coalesce(() => this.#recheckAll())

  async #recheckAll(): Promise<void> {
    this.#round += 1
    // First, so that a revoked screen is told so before it is disconnected.
    await this.#options.screens.look()
    await Promise.all([...this.#options.sockets()].map((socket) => this.#recheck(socket)))
  }

  async #recheck(socket: BoardSocket): Promise<void> {
    const { access, sites, logger } = this.#options
    try {
      const caller = await identifyScreen(socket.handshake, access)
      const { showing, watching } = socket.data
      socket.data.caller = caller
      const shown = [...(watching?.values() ?? [])].map(({ room, pipeline }) => ({ ...room, pipeline }))
      if (showing !== undefined) shown.push({ ...showing.room, audience: showing.audience, pipeline: showing.pipeline })
      // The audience is the same while what they may do is less.
      const isLost = [...(watching?.values() ?? [])].some(({ action }) => !caller.actions.has(action))
      for (const { site, audience, pipeline } of shown) {
        const isStill = await isShown({ site, audience }, caller, sites)
        // A site that was read anew makes other boards, which the screen has to join.
        if (!isStill || isLost || (await sites.get(caller.site)) !== pipeline) socket.disconnect(true)
      }
    } catch (error) {
      if (error instanceof AppError) socket.disconnect(true)
      // While the database is away nothing can be said against a socket.
      else if (!(error instanceof DatabaseUnavailableError))
        logger.warn({ err: error }, 'a socket could not be authorized again')
    }
  }
}

/** Whether what a socket shows is still what its caller is to be shown: the same site, and as the same audience. */
export async function isShown(
  { site, audience }: { readonly site: string; readonly audience: string },
  caller: Caller,
  sites: SiteRegistry,
): Promise<boolean> {
  if (site !== caller.site) return false
  return audience === audienceKey(audienceOf(caller, (await sites.get(caller.site)).privacy.now))
}
