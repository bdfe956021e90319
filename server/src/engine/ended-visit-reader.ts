import type { EndedVisits } from './ended-visits.ts'
import { evictedPlace } from './ended-visits.ts'
import type { VisitChunk } from './visit-chunk.ts'
import { breachedFlag, hasTargetFlag, rowsPerChunk } from './visit-columns.ts'
import type { DwellClock } from './visit-columns.ts'
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
  hasTarget = false
  /** When it passed its target. Undefined: it did not. */
  breachedAt: number | undefined
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
    const chunk = (this.isCancelled ? this.#cancelled : this.#finished).of(id)
    const { columns } = chunk
    const row = id % rowsPerChunk
    const flags = columns.flags(row)
    const elapsedMs = columns.durations('elapsed').get(row)
    this.stage = columns.stage(row)
    this.department = columns.department[row] ?? 0
    this.leftAt = columns.leftAt[row] ?? 0
    this.enteredAt = this.leftAt - elapsedMs
    this.hasTarget = (flags & hasTargetFlag) !== 0
    this.breachedAt = (flags & breachedFlag) === 0 ? undefined : chunk.breachedAt(row)
    this.dwellMs = this.#clock === 'elapsed' ? elapsedMs : columns.durations('working').get(row)
    return true
  }
}

/** The chunks of a store, whose number may grow. */
class KnownChunks {
  readonly #store: VisitStore
  readonly #chunks: VisitChunk[] = []

  constructor(store: VisitStore) {
    this.#store = store
  }

  /** @throws RangeError if no visit has this number. */
  of(id: number): VisitChunk {
    const number = Math.floor(id / rowsPerChunk)
    return (this.#chunks[number] ??= this.#store.chunk(number))
  }
}
