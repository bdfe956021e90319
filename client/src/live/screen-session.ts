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
  /** Name of the script that runs. */
  readonly build: string
  readonly live: Live
  /** The name, while it is to be shown large. */
  readonly shownName: Store<string | undefined>
  /** The screen is none any more. */
  readonly unpair: () => void
}

/** What a paired screen has to do with its server besides the board: who it is, its token, what it reports. */
export class ScreenSession {
  readonly #options: ScreenSessionOptions
  /** What the present connection was opened with, or is being opened with. */
  #used: string
  #connects = 0
  #hideName: ReturnType<typeof setTimeout> | undefined

  constructor(options: ScreenSessionOptions) {
    this.#options = options
    this.#used = options.credentials.token
  }

  /** What to connect with now; another page of this screen may have stored a newer one. */
  token(): string {
    this.#used = this.#credentials().token
    return this.#used
  }

  /** Whether there is another token to try at once, after the server has refused the one that was shown. */
  refused(): boolean {
    const credentials = credentialsRejected(this.#credentials(), this.#used)
    saveScreenCredentials(credentials)
    if (credentials === undefined) this.#options.unpair()
    return credentials !== undefined
  }

  /** @param reconnect opens the line anew, with the token of then. */
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
      // Stored before it is used: whatever happens from here on, a token that holds is kept.
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
    // What cannot be sent now would be sent all at once later.
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

  /** Storage may have been cleared under the page; then it goes on with what it has. */
  #credentials(): ScreenCredentials {
    return readScreenCredentials() ?? { ...this.#options.credentials, token: this.#used }
  }
}
