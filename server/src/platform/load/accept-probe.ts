import { connect } from 'node:net'
import type { Server, Socket } from 'node:net'

const probeEveryMs = 500

/**
 * Measures how long a new client waits until its connection is accepted. Node accepts one connection per turn of the
 * event loop, so that under load new clients wait in the operating system, where neither the number of requests nor the
 * delay of timers shows them.
 */
export class AcceptProbe {
  readonly #server: Server
  #probe: { readonly socket: Socket; readonly beganAt: number } | undefined
  #lastMs = 0
  #nextAt = 0

  constructor(server: Server) {
    this.#server = server
    server.on('connection', (accepted: Socket) => this.#onConnection(accepted))
  }

  /** Must be called regularly. @param now monotonic ms. @returns how long the last probe took, or the present one has been waiting, ms. */
  look(now: number): number {
    if (this.#probe !== undefined) return Math.max(this.#lastMs, now - this.#probe.beganAt)
    if (now < this.#nextAt) return this.#lastMs
    this.#nextAt = now + probeEveryMs
    const address = this.#server.address()
    if (address === null || typeof address === 'string') return 0
    const host = address.address === '::' ? '::1' : address.address === '0.0.0.0' ? '127.0.0.1' : address.address
    const socket = connect({ port: address.port, host })
    // Without free file descriptors, for example; the next call tries again.
    socket.on('error', () => this.#probe?.socket === socket && this.#end())
    this.#probe = { socket: socket.unref(), beganAt: now }
    return this.#lastMs
  }

  close(): void {
    this.#end()
  }

  #onConnection(accepted: Socket): void {
    const probe = this.#probe
    if (probe?.socket.localPort === undefined || accepted.remotePort !== probe.socket.localPort) return
    this.#lastMs = performance.now() - probe.beganAt
    // Without the minute for which the operating system keeps a connection that was closed.
    accepted.resetAndDestroy()
    this.#end()
  }

  #end(): void {
    this.#probe?.socket.destroy()
    this.#probe = undefined
  }
}
