type Listener = (...values: never[]) => void

/** A request of the page that waits for an ack. */
interface Asked {
  readonly event: string
  readonly payload: unknown
  readonly answer: (message: unknown) => void
}

/** The client's end of a socket; the test plays the server. */
export class ScriptedSocket {
  connected = false
  /** Whether the library reopens the socket by itself. */
  active = false
  connectCount = 0
  /** Messages sent without waiting for an ack. */
  readonly sent: (readonly [event: string, payload: unknown])[] = []
  readonly asked: Asked[] = []
  readonly #listeners = new Map<string, Listener[]>()

  on(event: string, listener: Listener): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener])
    return this
  }

  off(): this {
    this.#listeners.clear()
    return this
  }

  connect(): this {
    this.connectCount += 1
    this.active = true
    return this
  }

  disconnect(): this {
    this.active = false
    this.#close('io client disconnect')
    return this
  }

  emit(event: string, payload: unknown): this {
    this.sent.push([event, payload])
    return this
  }

  timeout(waitMs: number) {
    const ask = (event: string, payload: unknown, done: (silence: Error | null, message?: unknown) => void): void => {
      const timer = setTimeout(() => done(new Error('operation has timed out')), waitMs)
      const answer = (message: unknown): void => {
        clearTimeout(timer)
        done(null, message)
      }
      this.asked.push({ event, payload, answer })
    }
    return {
      emit: ask,
      emitWithAck: (event: string, payload: unknown) =>
        new Promise((resolve, reject) => {
          ask(event, payload, (silence, message) => (silence === null ? resolve(message) : reject(silence)))
        }),
    }
  }

  /** The server accepts the connection. */
  open(): void {
    this.connected = true
    this.receive('connect')
  }

  /** The server or the network closes the connection. @param isOpenedAgain whether the library reopens it by itself. */
  lose(isOpenedAgain = false): void {
    this.active = isOpenedAgain
    this.#close('io server disconnect')
  }

  receive(event: string, ...values: unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...(values as never[]))
  }

  #close(reason: string): void {
    const wasConnected = this.connected
    this.connected = false
    if (wasConnected) this.receive('disconnect', reason)
  }
}
