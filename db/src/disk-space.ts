import { DatabaseUnavailableError } from './database-unavailable.ts'
import { freeBytes } from './data-directory.ts'

/**
 * Free space required before anything is written: three segments of the write-ahead log. The embedded PostgreSQL hangs
 * if it cannot create one, so this must never happen.
 */
export const reservedBytes = 48 * 1024 * 1024
const checkIntervalMs = 100
const makeRoomEveryMs = 10_000

const writing = /\b(?:insert|update|delete|merge|copy|truncate|alter|create|drop|analyze)\b/i

/** Whether a statement may write; one that locks rows counts as well. */
export function mayWrite(text: string): boolean {
  return writing.test(text)
}

export function diskFull(cause?: unknown): DatabaseUnavailableError {
  return new DatabaseUnavailableError('full', 'the disk of the database is full', { cause })
}

/** The disk of an embedded database. */
export class DiskSpace {
  readonly #directory: string
  readonly #makeRoom: () => Promise<unknown>
  #checkedAt = Number.NEGATIVE_INFINITY
  #madeRoomAt = Number.NEGATIVE_INFINITY
  #isFull = false

  /** @param makeRoom Frees space that the database does not need; called now and then while the disk is full. */
  constructor(directory: string, makeRoom: () => Promise<unknown>) {
    this.#directory = directory
    this.#makeRoom = makeRoom
  }

  async isFull(): Promise<boolean> {
    const now = performance.now()
    if (now - this.#checkedAt < checkIntervalMs) return this.#isFull
    this.#checkedAt = now
    this.#isFull = (await freeBytes(this.#directory)) < reservedBytes
    if (this.#isFull && now - this.#madeRoomAt > makeRoomEveryMs) {
      this.#madeRoomAt = now
      // Not awaited, because it can run only after the current transaction has ended.
      void this.#makeRoom().catch(() => undefined)
    }
    return this.#isFull
  }

  /** @throws DatabaseUnavailableError if the statement may write and the disk is full. */
  async require(text: string): Promise<void> {
    if (mayWrite(text) && (await this.isFull())) throw diskFull()
  }
}
