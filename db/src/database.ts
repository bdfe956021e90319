import type { Snapshot } from './dump/snapshot.ts'

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
  /** Number of rows that the statement returned or wrote. */
  readonly rowCount: number
}

/** Statements between `begin` and `commit`. */
export interface Transaction extends Queryable {
  /**
   * Adds rows in the binary format of COPY. If the database refuses one of them, the transaction has failed, and the
   * error may contain no further details.
   * @param target Table and columns, see `CopyWriter`.
   * @param pieces Each ends with a complete row.
   */
  copyIn(target: string, pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<void>
}

/** Options for pipelining transactions. */
export interface PipelineOptions {
  /** Called when the next transaction may be started; it is executed after this one. It may never be called. */
  readonly sent: () => void
}

export interface Work extends Queryable {
  /**
   * All or nothing: an exception inside, or a failed statement, rolls back and is rethrown. `work` runs again if it has
   * lost against a transaction of another server instance.
   * @param pipeline Sends everything, from begin to commit, without waiting for answers that `work` does not wait for.
   * Transactions that are sent this way keep their order. `work` runs once.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, pipeline?: PipelineOptions): Promise<T>
}

/** A query whose rows are returned in the binary format of COPY, see `CopyReader`. */
export interface CopyQuery {
  /** Without parameters, which COPY does not support. */
  readonly select: string
  /** Receives the bytes in pieces of any size. */
  readonly take: (bytes: Uint8Array) => void
}

/** A common interface for both engines: every query and every test runs on both. */
export interface Database extends Work {
  readonly kind: 'embedded' | 'postgresql'
  /** Connection URL for other threads, including the password. Undefined: other threads cannot connect. */
  readonly url?: string
  /** Folder with the files of an embedded database. Undefined: it is remote, or in memory only. */
  readonly dataDirectory?: string
  /** Whether, as far as known, nothing can be stored because the disk is full. */
  isFull?(): Promise<boolean>
  /**
   * The same for bulk work for which no request is waiting: its statements may take a minute, and it waits while the
   * database is unavailable.
   */
  readonly longRunning: Work
  /** Reads very many rows, one query after the other, all from the same snapshot of the database. */
  copyOut(queries: readonly CopyQuery[]): Promise<void>
  /**
   * Reads everything from the same snapshot, however long it takes. An embedded database does nothing else meanwhile.
   */
  readSnapshot<T>(read: (snapshot: Snapshot) => Promise<T>): Promise<T>
  /**
   * Calls back with the payload whenever any server instance, this one included, sends `notify` on the channel. Calls
   * back with an empty payload after each (re)connection, because notifications sent in the meantime are lost.
   */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>
  close(): Promise<void>
}

/**
 * Thousands of rows are looked up by key in one statement: with the default of 4, intended for spinning disks, the
 * whole table would be read instead.
 */
export const randomPageCost = 1.1

/** SQL literal for a text, for statements that take no parameters. */
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
