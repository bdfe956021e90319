import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { screenReport } from '@stagewatch/shared/contract/screen.ts'
import type { ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import type { ClientToServer, ServerToClient } from '@stagewatch/shared/contract/socket.ts'
import type { Logger } from 'pino'
import type { Socket } from 'socket.io'
import type { Caller } from '../access/caller.ts'
import type { ScreenContext } from '../screens/screen-context.ts'
import { selfOf } from '../screens/screen-self.ts'
import { loadScreensOf } from '../screens/screens-table.ts'
import type { StoredScreen } from '../screens/screens-table.ts'
import { offeredToken } from './identify-screen.ts'

type ScreenSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, { caller: Caller }>

const identifyForMs = 15_000

/** The sockets of paired screens: each is told what the table says of its screen, and listened to. */
export class ScreenSockets {
  readonly #screens: ScreenContext
  readonly #logger: Logger
  /** What each was told last. */
  readonly #told = new Map<ScreenSocket, StoredScreen>()
  readonly #unlisten: () => void
  #looking: Promise<void> | undefined
  #lookAgain = false

  constructor(screens: ScreenContext, logger: Logger) {
    this.#screens = screens
    this.#logger = logger
    this.#unlisten = screens.news.listen(() => void this.look())
  }

  /** Before the socket hears that it is connected. @throws AppError `unauthorized` when its token has died. */
  async admit(socket: ScreenSocket): Promise<void> {
    const token = offeredToken(socket.handshake)
    if (socket.data.caller.kind !== 'screen' || token === undefined) return
    this.#told.set(socket, await this.#screens.tokens.admit(token))
    // It may have gone while its token was looked up; then it never connects.
    socket.conn.once('close', () => this.#told.delete(socket))
  }

  attach(socket: ScreenSocket): void {
    const screen = this.#told.get(socket)
    if (screen === undefined) return
    const { presence, clock } = this.#screens
    const leave = presence.join(screen, socket.handshake.address, clock.now())
    socket.on('disconnect', () => {
      this.#told.delete(socket)
      leave(clock.now())
    })
    socket.on('screen:report', (report: unknown) => {
      const parsed = screenReport.safeParse(report)
      if (parsed.success) presence.report(screen, parsed.data, clock.now())
    })
    socket.emit('screen:self', selfOf(screen))
  }

  /** Tells every screen what has changed of it since, here or elsewhere. */
  look(): Promise<void> {
    if (this.#looking === undefined) this.#looking = this.#lookOnce().finally(() => (this.#looking = undefined))
    // What is being read may be from before the change that this call is about.
    else this.#lookAgain = true
    return this.#looking
  }

  async close(): Promise<void> {
    this.#unlisten()
    this.#lookAgain = false
    await this.#looking
  }

  async #lookOnce(): Promise<void> {
    try {
      do {
        this.#lookAgain = false
        const lines = [...this.#told]
        const stored =
          lines.length === 0
            ? []
            : await loadScreensOf(this.#screens.database, distinct(lines.map(([, screen]) => screen)))
        const byName = new Map(stored.map((screen) => [nameOf(screen), screen]))
        for (const [socket, told] of lines) this.#tell(socket, told, byName.get(nameOf(told)))
        for (const screen of stored) await this.#rotate(screen)
        await this.#screens.presence.write(this.#screens.database, this.#screens.clock.now())
      } while (this.#lookAgain)
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) this.#logger.warn(`screens wait: ${error.message}`)
      else this.#logger.error({ err: error }, 'screens could not be looked after')
    }
  }

  #tell(socket: ScreenSocket, told: StoredScreen, now: StoredScreen | undefined): void {
    if (now === undefined || now.revokedAt !== undefined) {
      socket.emit('screen:revoked')
      socket.disconnect(true)
      return
    }
    if (!this.#told.has(socket)) return
    this.#told.set(socket, now)
    if (now.version !== told.version) socket.emit('screen:self', selfOf(now))
    if (now.identifyCount !== told.identifyCount) {
      socket.emit('screen:identify', { name: now.name, forMs: identifyForMs })
    }
    if (now.reloadCount !== told.reloadCount) socket.emit('screen:reload')
    // Rights are those of the connection: the screen comes back with the new ones at once.
    if (rightsOf(now.settings) !== rightsOf(told.settings)) socket.disconnect(true)
  }

  async #rotate(screen: StoredScreen): Promise<void> {
    if (screen.revokedAt !== undefined) return
    const token = await this.#screens.tokens.rotate(screen)
    if (token === undefined) return
    for (const [socket, told] of this.#told) {
      if (nameOf(told) === nameOf(screen)) socket.emit('screen:token', { token })
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
