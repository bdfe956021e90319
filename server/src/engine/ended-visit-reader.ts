import type { EndedVisits } from './ended-visits.ts'
import { evictedPlace } from './ended-visits.ts'
import { rowsPerChunk } from './visit-columns.ts'
import type { DwellClock, VisitColumns } from './visit-columns.ts'
import type { VisitStore } from './visit-store.ts'

/**
 * Reads ended visits one after the other by their places, on the thread that writes them. The values are in the
 * reader's own fields, because allocating an object for each of ten million visits would take longer than everything
 * else.
 */
export class EndedVisitReader {
  stage = 0
  department = 0
  /** Epoch ms. */
  enteredAt = 0
  leftAt = 0
  /** By the reader's clock. */
  dwellMs = 0
  /** The order was cancelled here, so the visit does not count towards durations. */
  isCancelled = false
  readonly #clock: DwellClock
  readonly #finished: KnownChunks
  readonly #cancelled: KnownChunks

  constructor(ended: EndedVisits, clock: DwellClock) {
    const [finished = ended.finished, cancelled = ended.finished] = ended.stores()
    this.#finished = new KnownChunks(finished)
    this.#cancelled = new KnownChunks(cancelled)
    this.#clock = clock
  }

  /** @returns false if the visit ended before the start of memory. */
  read(place: number): boolean {
    if (place === evictedPlace) return false
    this.isCancelled = place < 0
    const id = this.isCancelled ? ~place : place
    const columns = (this.isCancelled ? this.#cancelled : this.#finished).of(id)
    const row = id % rowsPerChunk
    const elapsedMs = columns.durations('elapsed').get(row)
    this.stage = columns.stage(row)
    this.department = columns.department[row] ?? 0
    this.leftAt = columns.leftAt[row] ?? 0
    this.enteredAt = this.leftAt - elapsedMs
    this.dwellMs = this.#clock === 'elapsed' ? elapsedMs : columns.durations('working').get(row)
    return true
  }
}

/** The chunks of a store, whose number may grow. */
class KnownChunks {
  readonly #store: VisitStore
  readonly #chunks: VisitColumns[]

  constructor(store: VisitStore) {
    this.#store = store
    this.#chunks = store.chunksFrom(0)
  }

  of(id: number): VisitColumns {
    const number = Math.floor(id / rowsPerChunk)
    if (number >= this.#chunks.length) this.#chunks.push(...this.#store.chunksFrom(this.#chunks.length))
    const chunk = this.#chunks[number]
    if (chunk === undefined) throw new RangeError(`no visit has the number ${id}`)
    return chunk
  }
}
