import { DatabaseUnavailableError } from './database-unavailable.ts'
import { freeBytes } from './data-directory.ts'

/**
 * What must be free before anything is written: three segments of the write-ahead log. The embedded PostgreSQL never
 * returns when it cannot make one, so it must not come to that.
 */
export const reservedBytes = 48 * 1024 * 1024
const lookEveryMs = 100
const makeRoomEveryMs = 10_000

const writing = /\b(?:insert|update|delete|merge|copy|truncate|alter|create|drop|analyze)\b/i

/** Whether a statement may write; one that locks rows counts as well. */
export function mayWrite(text: string): boolean {
  return writing.test(text)
}

export function diskFull(cause?: unknown): DatabaseUnavailableError {
  return new DatabaseUnavailableError('full', 'the disk of the database is full', { cause })
}

/** The disk below an embedded database. */
export class DiskSpace {
  readonly #directory: string
  readonly #makeRoom: () => Promise<unknown>
  #lookedAt = Number.NEGATIVE_INFINITY
  #madeRoomAt = Number.NEGATIVE_INFINITY
  #isFull = false

  /** @param makeRoom gives back what the database can spare; called now and then while the disk is full. */
  constructor(directory: string, makeRoom: () => Promise<unknown>) {
    this.#directory = directory
    this.#makeRoom = makeRoom
  }

  async isFull(): Promise<boolean> {
    const now = performance.now()
    if (now - this.#lookedAt < lookEveryMs) return this.#isFull
    this.#lookedAt = now
    this.#isFull = (await freeBytes(this.#directory)) < reservedBytes
    if (this.#isFull && now - this.#madeRoomAt > makeRoomEveryMs) {
      this.#madeRoomAt = now
      // Not waited for: it runs when the transaction that asks has ended.
      void this.#makeRoom().catch(() => undefined)
    }
    return this.#isFull
  }

  /** @throws DatabaseUnavailableError when the statement may write and the disk is full. */
  async require(text: string): Promise<void> {
    if (mayWrite(text) && (await this.isFull())) throw diskFull()
  }
}
