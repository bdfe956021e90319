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

/**
 * Channel on which the database notifies of changes to memberships, keys, sessions, screens or the privacy of a site.
 */
export const accessChannel = 'stagewatch_access'

interface SocketAuthorizationOptions {
  readonly access: AccessRules
  readonly sites: SiteRegistry
  readonly screens: ScreenChannel
  readonly logger: Logger
  /** All connected sockets. */
  readonly sockets: () => Iterable<BoardSocket>
}

/**
 * Keeps open sockets restricted to what their callers may currently see. Each socket is re-identified by its original
 * handshake. If its caller's site or audience has changed, it is disconnected and starts over.
 */
export class SocketAuthorization {
  readonly #options: SocketAuthorizationOptions
  /** Number of rechecks, to detect a socket that was identified before the last one. */
  #round = 0

  constructor(options: SocketAuthorizationOptions) {
    this.#options = options
  }

  /** Identifies a socket before it is connected. @throws AppError like `identifyScreen`. */
  async identify(socket: BoardSocket): Promise<void> {
    socket.data.identifiedIn = this.#round
    const { address, headers } = socket.handshake
    socket.data.address = clientAddress(address, headers, this.#options.access.proxies)
    socket.data.caller = await identifyScreen(socket.handshake, this.#options.access)
  }

  /** Must be called when a socket is connected: it missed any recheck since its identification. */
  connected(socket: BoardSocket): void {
    if (socket.data.identifiedIn !== this.#round) void this.#recheck(socket)
  }

  /** Rechecks every socket. Calls that arrive during a run share the next one. */
  readonly recheckAll = coalesce(() => this.#recheckAll())

  async #recheckAll(): Promise<void> {
    this.#round += 1
    // First, so that a revoked screen is notified before it is disconnected.
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
      // The audience may be unchanged although some permissions are, which live queries show.
      const isLost = [...(watching?.values() ?? [])].some(({ rights }) => rights !== rightsOf(caller))
      for (const { site, audience, pipeline } of shown) {
        const isStill = await isShown({ site, audience }, caller, sites)
        // A site that was reloaded has new boards, which the screen has to join.
        if (!isStill || isLost || (await sites.get(caller.site)) !== pipeline) socket.disconnect(true)
      }
    } catch (error) {
      if (error instanceof AppError) socket.disconnect(true)
      // While the database is unavailable, a socket cannot be rejected.
      else if (!(error instanceof DatabaseUnavailableError))
        logger.warn({ err: error }, 'a socket could not be authorized again')
    }
  }
}

/** Everything about a caller on which the answer to a live query may depend, besides site and audience. */
export function rightsOf({ kind, id, actions }: Caller): string {
  return JSON.stringify([kind, id, [...actions].toSorted()])
}

/** Whether a socket still shows what its caller may see: the same site as the same audience. */
export async function isShown(
  { site, audience }: { readonly site: string; readonly audience: string },
  caller: Caller,
  sites: SiteRegistry,
): Promise<boolean> {
  if (site !== caller.site) return false
  return audience === audienceKey(audienceOf(caller, (await sites.get(caller.site)).privacy.now))
}
