/**
 * Runs SQL with numbered parameters; arrays may be passed for `unnest` and `any`. Statements that are not measured hot
 * paths are built with `drizzleOn`.
 */
export interface Queryable {
  /**
   * Rows as plain objects. 64-bit integers and instants differ between drivers, so queries cast them: positions to
   * text, instants to epoch ms as float8 (see `epochMs`).
   */
  query<Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>
  /** Rows as arrays of the values that `parsersOfValues` describes, the same from both drivers. */
  values(text: string, parameters?: readonly unknown[]): Promise<ValueRows>
}

export interface ValueRows {
  readonly rows: unknown[][]
  /** How many rows the statement has returned, or written. */
  readonly rowCount: number
}

/** What is done between `begin` and `commit`. */
export interface Transaction extends Queryable {
  /**
   * Adds rows that are written in the binary form of COPY. When the database refuses one of them the transaction has
   * failed, and the error may say no more than that.
   * @param target table and columns, see `CopyWriter`.
   * @param pieces end with a row each.
   */
  copyIn(target: string, pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<void>
}

/** How transactions follow each other closely. */
export interface SentAhead {
  /** Is called when the next one may be handed in: it is carried out after this one. It may not be called at all. */
  readonly sent: () => void
}

export interface Work extends Queryable {
  /**
   * All or nothing; a throw inside rolls back and comes out again, and so does the failure of a statement. `work` runs
   * again when it has lost against a transaction of another server instance.
   * @param ahead sends everything, from begin to commit, without waiting for answers that `work` does not wait for.
   * Transactions that are sent so keep their order. `work` runs once.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, ahead?: SentAhead): Promise<T>
}

/** A query whose rows are wanted in the binary form of COPY, see `CopyReader`. */
export interface CopyQuery {
  /** Without parameters: COPY takes none. */
  readonly select: string
  /** Is handed the bytes in pieces of any size. */
  readonly take: (bytes: Uint8Array) => void
}

/** One of the two engines behind one interface: every query and every test runs on both. */
export interface Database extends Work {
  readonly kind: 'embedded' | 'postgresql'
  /** By which another thread connects to it, its password included; undefined: no other can. */
  readonly url?: string
  /** Folder with the files of an embedded database; undefined: it is elsewhere, or in memory only. */
  readonly dataDirectory?: string
  /** Whether the last that is known is that nothing can be stored for want of space. */
  isFull?(): Promise<boolean>
  /**
   * The same for what reads or writes very much at once, and is no answer that somebody waits for: its statements may
   * take a minute, and it waits for a database that is away.
   */
  readonly longRunning: Work
  /** Reads very many rows, one query after the other, all from the same state of the database. */
  copyOut(queries: readonly CopyQuery[]): Promise<void>
  /**
   * Calls back whenever any server instance sent `notify` on the channel, this one included, with the payload. Calls
   * back with an empty payload after each (re)connection, because what was sent while nobody listened is gone.
   */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>
  close(): Promise<void>
}

/**
 * Thousands of rows are looked up by key in one statement: the default of 4, made for disks that turn, would read the
 * whole table instead.
 */
export const randomPageCost = 1.1

/** SQL for a text where a statement takes no parameters. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** SQL for an instant column as epoch ms. */
export function epochMs(column: string): string {
  return `(extract(epoch from ${column}) * 1000)::float8`
}

/** SQL for an epoch-ms expression (float8) as an instant. */
export function toInstant(expression: string): string {
  return `to_timestamp(${expression} / 1000.0)`
}
