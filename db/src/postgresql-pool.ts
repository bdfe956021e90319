import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseUnavailableError, unavailability } from './database-unavailable.ts'
import { findWritable, openWritable, pausesMs } from './find-writable.ts'
import type { PostgresqlSession } from './postgresql-session.ts'
import { WaiterQueue } from './waiter-queue.ts'

export interface PoolOptions {
  /** A URL for each host; sessions are opened on the one that takes writes. */
  readonly hosts: readonly string[]
  readonly size: number
  readonly settings: Readonly<Record<string, string | number>>
}

/**
 * The sessions of this process. As soon as one is lost it looks for the host that takes writes, and goes on looking
 * until it has found it; meanwhile work is refused at once instead of piling up.
 */
export class PostgresqlPool {
  readonly #options: PoolOptions
  readonly #idle: PostgresqlSession[] = []
  readonly #line = new WaiterQueue()
  #host = 0
  #count = 0
  /** Sessions of an earlier host, or from before the database went away, are not used again. */
  #current = new WeakSet<PostgresqlSession>()
  #search: Promise<void> | undefined
  #isAway = false
  readonly #closing = new AbortController()

  constructor(options: PoolOptions) {
    this.#options = options
  }

  /** Where sessions are opened now. */
  get url(): string {
    return this.#options.hosts[this.#host] ?? ''
  }

  /**
   * Runs `work` on a session that nothing else uses meanwhile.
   * @param waitMs how long to wait for a session.
   * @param patient waits for a database that is away, too.
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
      if (idle !== undefined) this.#forget()
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
      this.#forget()
      const unavailable = unavailability(error)
      if (unavailable === undefined || unavailable.reason === 'away') this.#startSearch()
      throw unavailable ?? error
    }
  }

  #giveBack(session: PostgresqlSession): void {
    if (session.hasEnded) this.#startSearch()
    if (session.hasEnded || this.#isClosed || !this.#current.has(session)) {
      session.destroy()
      this.#forget()
    } else {
      this.#idle.push(session)
      this.#line.wakeOne()
    }
  }

  /** A session is gone: another one may be opened. */
  #forget(): void {
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

  /** Until the first round has failed the loss may be that of one session, and whoever asks waits. */
  async #find(): Promise<void> {
    const { hosts, settings } = this.#options
    for (const pauseMs of pausesMs()) {
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

  /** Sessions in use are dropped when they come back. */
  #dropAll(): void {
    this.#current = new WeakSet()
    for (const session of this.#idle.splice(0)) {
      session.destroy()
      this.#forget()
    }
    this.#line.wakeAll()
  }
}
