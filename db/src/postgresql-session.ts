import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { finished } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import postgres from 'postgres'
import type { ParameterOrJSON, Sql } from 'postgres'
import { arrayText, parseArrayText } from './array-text.ts'
import { copyHeader, copyTrailer } from './copy-writer.ts'
import type { Transaction, ValueRows } from './database.ts'
import { DatabaseUnavailableError, toUnavailableError } from './database-unavailable.ts'
import { parsersOfValues } from './value-parsers.ts'

/** The server rolled back instead of committing, which it does without an error after a failed statement. */
class RolledBackError extends Error {
  override readonly name = 'RolledBackError'

  constructor() {
    super('the transaction was rolled back')
  }
}

export interface SessionOptions {
  /** URL of a single host. */
  readonly url: string
  /** Settings of the session, such as `statement_timeout`. */
  readonly settings?: Readonly<Record<string, string | number>>
  readonly onNotice?: (channel: string, payload: string) => void
}

/**
 * One connection to PostgreSQL, used for one operation at a time and discarded after any problem.
 *
 * The driver itself reconnects and sends the rest of a transaction into the new session, keeps promises that never
 * settle if the server is killed (https://github.com/porsager/postgres/issues/1186), and keeps trying after its end.
 * Therefore each of its clients has exactly one socket, every statement has a deadline, and the end of the connection
 * fails all statements at once.
 */
export class PostgresqlSession {
  readonly ended: Promise<void>
  readonly #sql: Sql
  readonly #waiting = new Set<(error: Error) => void>()
  readonly #announceEnd: () => void
  #socket: Socket | undefined
  #hasEnded = false

  constructor({ url, settings = {}, onNotice }: SessionOptions) {
    const ended = Promise.withResolvers<void>()
    this.ended = ended.promise
    this.#announceEnd = ended.resolve
    const options = {
      max: 1,
      max_lifetime: null,
      connect_timeout: 0,
      // Fetching types would fail outside of any promise that can be caught if the connection is lost meanwhile.
      fetch_types: false,
      types,
      // Instants are read as text, see `instant`.
      connection: { application_name: 'stagewatch', DateStyle: 'ISO', ...settings },
      onnotice: () => undefined,
      onclose: () => this.destroy(),
      onnotify: (channel: string, payload: string) => onNotice?.(channel, payload),
      socket: () => this.#connect(url),
    }
    this.#sql = postgres(url, options)
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /**
   * Rows of a statement.
   * @throws DatabaseUnavailableError if the session is lost or no answer arrives within `deadlineMs`.
   */
  async query<Row>(text: string, parameters: readonly unknown[], deadlineMs: number): Promise<Row[]> {
    return rows<Row>(await this.#within(deadlineMs, async () => this.#ask(text, parameters)))
  }

  /**
   * The same as arrays, see `Queryable.values`.
   * @throws DatabaseUnavailableError like `query`.
   */
  async values(text: string, parameters: readonly unknown[], deadlineMs: number): Promise<ValueRows> {
    return valueRows(await this.#within<RawRows>(deadlineMs, async () => this.#ask(text, parameters).raw()))
  }

  /** Statements between `begin` and `commit`, each with the deadline. */
  within(deadlineMs: number): Transaction {
    return {
      query: <Row>(text: string, parameters: readonly unknown[] = []) => this.query<Row>(text, parameters, deadlineMs),
      values: (text, parameters = []) => this.values(text, parameters, deadlineMs),
      copyIn: (target, pieces) => this.copyIn(target, pieces, deadlineMs),
    }
  }

  /**
   * Ends a transaction.
   * @throws RolledBackError, DatabaseUnavailableError as `query`.
   */
  async commit(deadlineMs: number): Promise<void> {
    const { command } = await this.#within(deadlineMs, async () => this.#ask('commit', []))
    if (command !== 'COMMIT') throw new RolledBackError()
  }

  /** Fails when `ask`, which may never settle, has not within the deadline. */
  #within<T>(deadlineMs: number, ask: () => Promise<T>): Promise<T> {
    if (this.#hasEnded) return Promise.reject(lost())
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.destroy(new DatabaseUnavailableError('away', `no answer from the database within ${deadlineMs} ms`))
      }, deadlineMs)
      this.#waiting.add(reject)
      const settle = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(reject)
      }
      void this.#convertErrors(ask).then(resolve, reject).finally(settle)
    })
  }

  /**
   * Hands on what a query gives in the binary form of COPY.
   * @throws DatabaseUnavailableError when the session is lost or nothing comes from one end of `deadlineMs` to the next.
   */
  copyOut(select: string, take: (bytes: Uint8Array) => void, deadlineMs: number): Promise<void> {
    if (this.#hasEnded) return Promise.reject(lost())
    return new Promise((resolve, reject) => {
      let hasHeard = false
      const timer = setTimeout(() => {
        if (!hasHeard)
          this.destroy(new DatabaseUnavailableError('away', `no answer from the database within ${deadlineMs} ms`))
        hasHeard = false
        timer.refresh()
      }, deadlineMs)
      this.#waiting.add(reject)
      const settle = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(reject)
      }
      const heard = (bytes: Uint8Array): void => {
        // Resetting the timer for each of millions of rows takes as long as reading some of them.
        hasHeard = true
        take(bytes)
      }
      void this.#copy(select, heard).then(resolve, reject).finally(settle)
    })
  }

  /**
   * Adds rows within a transaction, see `Transaction.copyIn`.
   * @throws DatabaseUnavailableError as `query`.
   */
  copyIn(target: string, pieces: readonly Uint8Array<ArrayBuffer>[], deadlineMs: number): Promise<void> {
    return this.#within(deadlineMs, () => this.#sendRows(target, pieces))
  }

  async #sendRows(target: string, pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
    const stream = await this.#sql.unsafe(`copy ${target} from stdin (format binary)`).writable()
    const refused: Error[] = []
    stream.on('error', (error) => refused.push(error))
    const send = (bytes: Uint8Array) => new Promise<void>((resolve) => stream.write(bytes, () => resolve()))
    for (const bytes of [copyHeader, ...pieces, copyTrailer]) {
      await send(bytes)
      if (refused[0] !== undefined) throw refused[0]
    }
    stream.end()
    // By then the driver has sent the end of the rows, and takes another statement.
    await setImmediate()
    if (refused[0] !== undefined) throw refused[0]
    // The driver tells nobody of what the server refuses from there on: the next statement of the transaction fails.
    await this.#ask('select 1', [])
  }

  /** May never settle. */
  async #copy(select: string, take: (bytes: Uint8Array) => void): Promise<void> {
    try {
      const stream = await this.#sql.unsafe(`copy (${select}) to stdout (format binary)`).readable()
      stream.on('data', (bytes: Uint8Array) => {
        try {
          take(bytes)
        } catch (error) {
          stream.destroy(error instanceof Error ? error : new Error(String(error)))
        }
      })
      await finished(stream)
    } catch (error) {
      throw this.#convertError(error)
    }
  }

  /** What a failure means for the session. */
  #convertError(error: unknown): unknown {
    const unavailable = toUnavailableError(error)
    // Before anybody else sees it, so that nothing more is sent to a session that is lost.
    if (unavailable?.reason === 'away' || !(error instanceof postgres.PostgresError)) {
      this.destroy(unavailable ?? (error instanceof Error ? error : undefined))
    }
    return unavailable ?? error
  }

  #ask(text: string, parameters: readonly unknown[]) {
    return this.#sql.unsafe(text, driverParameters(parameters), { prepare: true })
  }

  async #convertErrors<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      throw this.#convertError(error)
    }
  }

  /** Ends the session at once and fails what waits for it. */
  destroy(error: Error = lost()): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#socket?.destroy()
    for (const reject of this.#waiting) reject(error)
    this.#waiting.clear()
    this.#announceEnd()
    void this.#endClient(0)
  }

  /** Ends a session that nothing uses. */
  async close(): Promise<void> {
    await this.#endClient(1)
    this.destroy()
  }

  async #endClient(withinS: number): Promise<void> {
    await this.#sql.end({ timeout: withinS }).catch(() => undefined)
  }

  #connect(url: string): Socket {
    if (this.#socket !== undefined || this.#hasEnded) throw lost()
    this.#socket = openSocket(url)
    return this.#socket
  }
}

/** While more than this waits to be sent, the driver waits for the answer to each statement before it sends the next. */
const sentAheadBytes = 16 * 1024 * 1024

/**
 * Not waited for: what is written meanwhile is sent when it is connected, and a failure comes as an event.
 * Without delay, because the driver writes small pieces that would wait for the answer to the piece before.
 */
function openSocket(url: string): Socket {
  const { hostname, port: given } = new URL(url)
  const host = decodeURIComponent(hostname).replace(/^\[(.*)\]$/, '$1') || process.env['PGHOST'] || 'localhost'
  const port = Number(given || process.env['PGPORT'] || 5432)
  const buffered = { writableHighWaterMark: sentAheadBytes }
  const local = { path: `${host}/.s.PGSQL.${port}`, ...buffered }
  const remote = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000, ...buffered }
  const socket = connect(host.startsWith('/') ? local : remote)
  // The driver names it to the server when it encrypts.
  return Object.assign(socket, { host })
}

function lost(): DatabaseUnavailableError {
  return new DatabaseUnavailableError('away', 'the connection to the database is lost')
}

/** Statements of this project pass text, numbers, booleans, null and arrays of them only. */
function driverParameters(parameters: readonly unknown[]): ParameterOrJSON<never>[] {
  return parameters.map((value) => (Array.isArray(value) ? arrayText(value) : value)) as ParameterOrJSON<never>[]
}

/** The shape of a row is what the statement selects; the caller names it beside the statement. */
function rows<Row>(result: ArrayLike<unknown>): Row[] {
  return Array.from(result) as Row[]
}

interface RawRows extends ArrayLike<readonly (Buffer | null)[]> {
  /** Undefined: the statement returns no rows. */
  readonly columns?: readonly { readonly type: number }[]
  readonly count: number
}

function valueRows(result: RawRows): ValueRows {
  const parsers = (result.columns ?? []).map(({ type }) => parsersOfValues[type])
  const valueOf = (bytes: Buffer | null, column: number): unknown => {
    if (bytes === null) return null
    const text = bytes.toString('utf8')
    const parse = parsers[column]
    return parse === undefined ? text : parse(text)
  }
  return { rows: Array.from(result, (row) => row.map(valueOf)), rowCount: result.count }
}

function arrayType<T>(oids: number[], parse: (item: string) => T) {
  return { to: 0, from: oids, serialize: String, parse: (text: string) => parseArrayText(text, parse) }
}

/**
 * By the numbers that PostgreSQL gives its own types: arrays of text, of numbers and of booleans; and JSON, which drizzle
 * writes itself, and which the driver would write once more.
 */
const types = {
  json: { to: 114, from: [114, 3802], serialize: String, parse: (text: string): unknown => JSON.parse(text) },
  texts: arrayType([1009, 1015, 1016], (item) => item),
  numbers: arrayType([1005, 1007, 1021, 1022], Number),
  booleans: arrayType([1000], (item) => item === 't'),
}
