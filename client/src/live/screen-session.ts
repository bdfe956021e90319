import type { ScreenSelf } from '@stagewatch/shared/contract/screen.ts'
import {
  screenChanged,
  screenIdentify,
  screenToken,
  type ClientToServer,
  type ServerToClient,
} from '@stagewatch/shared/contract/socket.ts'
import type { Socket } from 'socket.io-client'
import type { Live } from './live-context.ts'
import { reloadServed } from './page-reload.ts'
import type { ScreenCredentials } from './screen-credentials.ts'
import {
  credentialsRejected,
  credentialsAccepted,
  credentialsWithToken,
  readScreenCredentials,
  saveScreenCredentials,
} from './screen-credentials.ts'
import { heapBytes, screenReportOf } from './screen-report.ts'
import type { Store } from './store.ts'

const reportEveryMs = 30_000

export interface ScreenSessionOptions {
  readonly credentials: ScreenCredentials
  /** Name of the running script. */
  readonly build: string
  readonly live: Live
  /** Name of the screen, while it is displayed large. */
  readonly shownName: Store<string | undefined>
  /** Called when this is no longer a paired screen. */
  readonly unpair: () => void
}

/**
 * Everything besides the board that a paired screen exchanges with its server: its identity, its token and its reports.
 */
export class ScreenSession {
  readonly #options: ScreenSessionOptions
  /** Token with which the current connection was opened or is being opened. */
  #used: string
  #connects = 0
  #hideName: ReturnType<typeof setTimeout> | undefined

  constructor(options: ScreenSessionOptions) {
    this.#options = options
    this.#used = options.credentials.token
  }

  /** The token for the next connection; another page of this screen may have stored a newer one. */
  token(): string {
    this.#used = this.#credentials().token
    return this.#used
  }

  /** Whether there is another token to try at once after the server refused the last one. */
  refused(): boolean {
    const credentials = credentialsRejected(this.#credentials(), this.#used)
    saveScreenCredentials(credentials)
    if (credentials === undefined) this.#options.unpair()
    return credentials !== undefined
  }

  /** @param reconnect reopens the connection with the token that is current then. */
  attach(socket: Socket<ServerToClient, ClientToServer>, reconnect: () => void): void {
    socket.on('connect', () => {
      this.#connects += 1
      saveScreenCredentials(credentialsAccepted(this.#credentials(), this.#used))
      this.#report(socket)
    })
    socket.on('screen:self', (message) => {
      const self = screenChanged.safeParse(message)
      if (self.success) this.#become(self.data)
    })
    socket.on('screen:token', (message) => {
      const fresh = screenToken.safeParse(message)
      if (!fresh.success) return
      // Stored before it is used, so that a valid token is always kept, whatever happens next.
      saveScreenCredentials(credentialsWithToken(this.#credentials(), this.#used, fresh.data.token))
      reconnect()
    })
    socket.on('screen:identify', (message) => {
      const identify = screenIdentify.safeParse(message)
      if (identify.success) this.#showName(identify.data.name, identify.data.forMs)
    })
    socket.on('screen:reload', () => void reloadServed())
    socket.on('screen:revoked', () => {
      saveScreenCredentials(undefined)
      this.#options.unpair()
    })
    setInterval(() => this.#report(socket), reportEveryMs)
  }

  #become(self: ScreenSelf): void {
    const { settings } = this.#options.live
    const before = settings.get()
    saveScreenCredentials({ ...this.#credentials(), self })
    const { board, language } = self.settings
    if (board !== before.board || language !== before.language) void reloadServed()
    else settings.set(self.settings)
  }

  #showName(name: string, forMs: number): void {
    const { shownName } = this.#options
    clearTimeout(this.#hideName)
    shownName.set(name)
    this.#hideName = setTimeout(() => shownName.set(undefined), forMs)
  }

  #report(socket: Socket<ServerToClient, ClientToServer>): void {
    // Socket.IO would buffer these messages and send them all at once later.
    if (!socket.connected) return
    const { build, live } = this.#options
    const report = screenReportOf(live.connection.get(), {
      build,
      scene: live.scene.get(),
      reconnects: this.#connects - 1,
      now: performance.now(),
      deviceNow: Date.now(),
      width: innerWidth * devicePixelRatio,
      height: innerHeight * devicePixelRatio,
      memoryBytes: heapBytes(performance),
    })
    socket.emit('screen:report', report)
  }

  /** Storage may have been cleared while the page runs; the page then continues with its copy in memory. */
  #credentials(): ScreenCredentials {
    return readScreenCredentials() ?? { ...this.#options.credentials, token: this.#used }
  }
}
