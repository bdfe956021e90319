import { WebSocket } from 'ws'

/** How a screen reads its data: all of it, none of it, or for 4 ms in every 200 ms. */
export type Reading = 'healthy' | 'stalled' | 'trickling'

const stamps = /"to":(\d+),"asOf":(\d+)/

/** A screen with the minimum of the socket.io protocol that receives deltas, and reconnects after a disconnect. */
export class SlowScreen {
  /** Time from the creation of each delta to its arrival, ms. */
  readonly latenciesMs: number[] = []
  readonly #url: string
  readonly #reading: Reading
  #socket: WebSocket | undefined
  #trickle: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(port: number, reading: Reading) {
    this.#url = `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`
    this.#reading = reading
  }

  /** Resolves when it receives deltas. */
  async start(): Promise<void> {
    const fed = Promise.withResolvers<void>()
    this.#connect(fed.resolve)
    await fed.promise
  }

  close(): void {
    this.#isClosed = true
    clearInterval(this.#trickle)
    this.#socket?.terminate()
  }

  #connect(fed: () => void): void {
    const socket = new WebSocket(this.#url, { perMessageDeflate: false })
    this.#socket = socket
    socket.on('message', (data: Buffer) => this.#record(socket, data, fed))
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      clearInterval(this.#trickle)
      if (!this.#isClosed) setTimeout(() => this.#connect(fed), 200)
    })
  }

  #record(socket: WebSocket, data: Buffer, fed: () => void): void {
    const kind = data.toString('latin1', 0, 2)
    if (kind.startsWith('0')) socket.send('40')
    else if (kind.startsWith('2')) socket.send('3')
    else if (kind === '40') socket.send('420["board:join",{"board":"overview","confirms":true}]')
    else if (kind === '43') {
      this.#confirm(socket, 'joined', 0)
      this.#slowDown(socket)
      fed()
    } else if (kind === '42') this.#count(socket, data.toString('latin1', 0, 200))
  }

  #count(socket: WebSocket, start: string): void {
    const [, to, asOf] = stamps.exec(start) ?? []
    if (to === undefined || asOf === undefined) return
    this.latenciesMs.push(performance.timeOrigin + performance.now() - Number(asOf))
    this.#confirm(socket, 'test', Number(to))
  }

  #confirm(socket: WebSocket, epoch: string, version: number): void {
    socket.send(`42${JSON.stringify(['board:seen', { board: 'overview', epoch, version }])}`)
  }

  #slowDown(socket: WebSocket): void {
    if (this.#reading === 'stalled') socket.pause()
    if (this.#reading !== 'trickling') return
    this.#trickle = setInterval(() => {
      socket.resume()
      setTimeout(() => socket.pause(), 4)
    }, 200)
  }
}
