import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { screenReport } from '@stagewatch/shared/contract/screen.ts'
import type { ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import type { Logger } from 'pino'
import { coalesce } from '../platform/coalesce.ts'
import type { ScreenContext } from './screen-context.ts'
import { warnOfLostToken } from './screen-tokens.ts'
import { selfOf, loadScreensOf } from './screens-table.ts'
import type { StoredScreen } from './screens-table.ts'
import type { BoardSocket, ScreenChannel } from '../live/board-socket.ts'
import { socketHandler } from '../live/board-socket.ts'
import { offeredToken } from '../live/identify-screen.ts'

const identifyForMs = 15_000

interface Told {
  /** The state last sent to the socket. */
  readonly screen: StoredScreen
  /** The token that it has connected with. */
  readonly token: string
}

/** The sockets of paired screens: sends each the state of its screen from the table, and receives its reports. */
export class ScreenSockets implements ScreenChannel {
  readonly #screens: ScreenContext
  readonly #logger: Logger
  readonly #told = new Map<BoardSocket, Told>()
  #isClosed = false

  constructor(screens: ScreenContext, logger: Logger) {
    this.#screens = screens
    this.#logger = logger
    screens.news.listen(() => void this.look())
  }

  /** Runs before the socket is connected. @throws AppError `unauthorized` when its token is no longer valid. */
  async admit(socket: BoardSocket): Promise<void> {
    const token = offeredToken(socket.handshake)
    if (socket.data.caller.kind !== 'screen' || token === undefined) return
    this.#told.set(socket, { screen: await this.#screens.tokens.admit(token), token })
    // It may have disconnected while its token was looked up; then it never connects.
    socket.conn.once('close', () => this.#told.delete(socket))
  }

  attach(socket: BoardSocket): void {
    const screen = this.#told.get(socket)?.screen
    if (screen === undefined) return
    const { presence, tokens, clock } = this.#screens
    this.#warnOfTwin(screen, socket)
    const leave = presence.join(screen, socket.data.address, clock.now(), socket.handshake.headers['user-agent'])
    const failed = (error: unknown): void => this.#failed(error)
    const onDisconnect = (): void => {
      this.#told.delete(socket)
      leave(clock.now())
    }
    const onReport = async (report: unknown): Promise<void> => {
      const parsed = screenReport.safeParse(report)
      if (parsed.success) presence.report(screen, parsed.data, clock.now())
      // A connection that is merely open may be that of a screen without power.
      const told = this.#told.get(socket)
      if (told !== undefined) await tokens.settle(told.screen, told.token)
    }
    socket.on('disconnect', socketHandler(failed, onDisconnect))
    socket.on('screen:report', socketHandler(failed, onReport))
    socket.emit('screen:self', selfOf(screen))
  }

  /** Sends every screen its changes, made here or elsewhere. */
  readonly look = coalesce(() => this.#look())

  async close(): Promise<void> {
    this.#isClosed = true
    await this.look()
  }

  async #look(): Promise<void> {
    if (this.#isClosed) return
    try {
      const lines = [...this.#told]
      const stored =
        lines.length === 0
          ? []
          : await loadScreensOf(this.#screens.database, distinct(lines.map(([, { screen }]) => screen)))
      const byName = new Map(stored.map((screen) => [nameOf(screen), screen]))
      for (const [socket, told] of lines) this.#tell(socket, told, byName.get(nameOf(told.screen)))
      for (const told of this.#told.values()) await this.#rotate(told)
      await this.#screens.presence.write(this.#screens.database, this.#screens.clock.now())
    } catch (error) {
      this.#failed(error)
    }
  }

  #failed(error: unknown): void {
    if (error instanceof DatabaseUnavailableError) this.#logger.warn(`screens wait: ${error.message}`)
    else this.#logger.error({ err: error }, 'screens could not be updated')
  }

  /** Somebody may have copied the token to another device. */
  #warnOfTwin(screen: StoredScreen, { data: { address } }: BoardSocket): void {
    const twin = [...this.#told].find(
      ([other, told]) => nameOf(told.screen) === nameOf(screen) && other.data.address !== address,
    )
    if (twin === undefined) return
    const addresses = [twin[0].data.address, address]
    this.#logger.warn({ site: screen.site, screen: screen.id, addresses }, 'a screen is connected from two addresses')
  }

  #tell(socket: BoardSocket, { screen: told, token }: Told, now: StoredScreen | undefined): void {
    if (now === undefined || now.revokedAt !== undefined) {
      socket.emit('screen:revoked')
      socket.disconnect(true)
      return
    }
    if (!this.#told.has(socket)) return
    this.#told.set(socket, { screen: now, token })
    if (now.version !== told.version) socket.emit('screen:self', selfOf(now))
    if (now.identifyCount !== told.identifyCount) {
      socket.emit('screen:identify', { name: now.name, forMs: identifyForMs })
    }
    if (now.reloadCount !== told.reloadCount) socket.emit('screen:reload')
    // Permissions are fixed per connection: the screen reconnects with the new ones at once.
    if (rightsOf(now.settings) !== rightsOf(told.settings)) socket.disconnect(true)
  }

  async #rotate({ screen, token }: Told): Promise<void> {
    const issued = await this.#screens.tokens.rotate(screen, token)
    if (issued === undefined) return
    if (issued.replacesLost) warnOfLostToken(this.#logger, screen)
    for (const [socket, told] of this.#told) {
      if (nameOf(told.screen) === nameOf(screen)) socket.emit('screen:token', { token: issued.token })
    }
  }
}

function rightsOf({ departments, privacy }: ScreenSettings): string {
  return JSON.stringify([departments, privacy.customers, privacy.amounts, privacy.people])
}

function distinct(screens: readonly StoredScreen[]): StoredScreen[] {
  return [...new Map(screens.map((screen) => [nameOf(screen), screen])).values()]
}

function nameOf({ site, id }: StoredScreen): string {
  return `${site} ${id}`
}
