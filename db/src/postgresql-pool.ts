import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseUnavailableError, toUnavailableError } from './database-unavailable.ts'
import { findWritable, openWritable, backoffDelaysMs } from './find-writable.ts'
import type { PostgresqlSession } from './postgresql-session.ts'
import { WaiterQueue } from './waiter-queue.ts'

export interface PoolOptions {
  /** One URL per host; sessions are opened on the one that accepts writes. */
  readonly hosts: readonly string[]
  readonly size: number
  readonly settings: Readonly<Record<string, string | number>>
}

/**
 * The sessions of this process. As soon as one is lost, the pool looks for the host that accepts writes until it has
 * found it; meanwhile requests are refused at once instead of queueing up.
 */
export class PostgresqlPool {
  readonly #options: PoolOptions
  readonly #idle: PostgresqlSession[] = []
  readonly #line = new WaiterQueue()
  #host = 0
  #count = 0
  /** Sessions on an earlier host, or from before an outage, are not used again. */
  #current = new WeakSet<PostgresqlSession>()
  #search: Promise<void> | undefined
  #isAway = false
  readonly #closing = new AbortController()

  constructor(options: PoolOptions) {
    this.#options = options
  }

  /** URL of the current host. */
  get url(): string {
    return this.#options.hosts[this.#host] ?? ''
  }

  /**
   * Runs `work` on a session that nothing else uses meanwhile.
   * @param waitMs How long to wait for a session.
   * @param patient Also waits while the database is unavailable.
   * @throws DatabaseUnavailableError
   */
  async use<T>(work: (session: PostgresqlSession) => Promise<T>, waitMs: number, longRunning: boolean): Promise<T> {
    const session = await this.#take(performance.now() + waitMs, longRunning)
    try {
      return await work(session)
    } finally {
      this.#giveBack(session)
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#line.wakeAll()
    await this.#search
    await Promise.all(this.#idle.splice(0).map((session) => session.close()))
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted
  }

  async #take(until: number, longRunning: boolean): Promise<PostgresqlSession> {
    for (;;) {
      if (this.#isClosed) throw new DatabaseUnavailableError('away', 'the database is closed')
      if (this.#isAway && !longRunning) throw new DatabaseUnavailableError('away', 'the database does not answer')
      const idle = this.#idle.pop()
      if (idle?.hasEnded === false) return idle
      if (idle !== undefined) this.#releaseSlot()
      else if (this.#search === undefined && this.#count < this.#options.size) return this.#open()
      else if (!(await this.#line.wait(until - performance.now()))) {
        throw new DatabaseUnavailableError(this.#search === undefined ? 'busy' : 'away', 'no connection was free')
      }
    }
  }

  async #open(): Promise<PostgresqlSession> {
    this.#count += 1
    try {
      const { settings } = this.#options
      const session = await openWritable({ url: this.url, settings })
      this.#current.add(session)
      return session
    } catch (error) {
      this.#releaseSlot()
      const unavailable = toUnavailableError(error)
      if (unavailable === undefined || unavailable.reason === 'away') this.#startSearch()
      throw unavailable ?? error
    }
  }

  #giveBack(session: PostgresqlSession): void {
    if (session.hasEnded) this.#startSearch()
    if (session.hasEnded || this.#isClosed || !this.#current.has(session)) {
      session.destroy()
      this.#releaseSlot()
    } else {
      this.#idle.push(session)
      this.#line.wakeOne()
    }
  }

  /** A session has ended, so another one may be opened. */
  #releaseSlot(): void {
    this.#count -= 1
    this.#line.wakeOne()
  }

  #startSearch(): void {
    if (this.#isClosed) return
    this.#search ??= this.#find().finally(() => {
      this.#search = undefined
      this.#line.wakeAll()
    })
  }

  /** Until the first round has failed, possibly only one session was lost, so callers wait. */
  async #find(): Promise<void> {
    const { hosts, settings } = this.#options
    for (const pauseMs of backoffDelaysMs()) {
      if (this.#isClosed) return
      try {
        const { index, session } = await findWritable(hosts, this.#host, { settings })
        if (index !== this.#host) this.#dropAll()
        this.#host = index
        this.#isAway = false
        this.#count += 1
        this.#current.add(session)
        this.#giveBack(session)
        return
      } catch {
        this.#isAway = true
        this.#dropAll()
      }
      await delay(pauseMs, undefined, { signal: this.#closing.signal }).catch(() => undefined)
    }
  }

  /** Sessions in use are dropped when they are returned. */
  #dropAll(): void {
    this.#current = new WeakSet()
    for (const session of this.#idle.splice(0)) {
      session.destroy()
      this.#releaseSlot()
    }
    this.#line.wakeAll()
  }
}
