import { AppError } from '../../platform/app-error.ts'
import { Recording } from './recording.ts'
import type { RecordingOptions } from './recording.ts'

/** Each recording keeps an engine of its own in memory. */
const maxRecordings = 8
/** Of one person, key or screen, or from one address: somebody else can still look. */
const maxOfViewer = 4
/** Of all recordings together; an event and what follows from it take about 1 KB. */
const maxEvents = 500_000

/** The recordings that run on this server instance, bounded by their number and by how much history they hold. */
export class Recordings {
  readonly #running = new Map<Recording, { readonly viewer: string; readonly events: number }>()
  /** By viewer, of those that run or are being opened. */
  readonly #countOf = new Map<string, number>()
  /** Recordings that run or are being opened. */
  #count = 0
  #events = 0

  /** By name, how much there is and how much there may be. */
  get usage() {
    return {
      recordings: { size: this.#count, limit: maxRecordings },
      recording_events: { size: this.#events, limit: maxEvents },
      recordings_of_viewer: { size: Math.max(0, ...this.#countOf.values()), limit: maxOfViewer },
    }
  }

  [Symbol.iterator](): Iterator<Recording> {
    return this.#running.keys()
  }

  /**
   * Its place is taken before anything is read, so that recordings which are opened at the same time count each other.
   * @param viewer for whom.
   * @throws AppError `overloaded` when there are too many; `invalid_field` when there is more in the span than can be
   * held.
   */
  async open(viewer: string, options: Omit<RecordingOptions, 'reserve'>): Promise<Recording> {
    const ofViewer = this.#countOf.get(viewer) ?? 0
    if (ofViewer >= maxOfViewer) {
      throw new AppError('overloaded', `you are being shown ${maxOfViewer} recordings: close one of them first`)
    }
    if (this.#count >= maxRecordings) {
      throw new AppError('overloaded', `${maxRecordings} recordings are being shown; try again when one has ended`)
    }
    this.#count += 1
    this.#countOf.set(viewer, ofViewer + 1)
    let events = 0
    const reserve = (more: number): void => {
      if (events + more > maxEvents) {
        const message = `there are more than ${maxEvents} events in this span: choose a shorter one`
        throw new AppError('invalid_field', message, { field: 'to', reason: 'too_wide' })
      }
      if (this.#events + more > maxEvents) {
        throw new AppError('overloaded', 'the recordings that are being shown fill the memory for them')
      }
      events += more
      this.#events += more
    }
    try {
      const recording = await Recording.open({ ...options, reserve })
      this.#running.set(recording, { viewer, events })
      return recording
    } catch (error) {
      this.#release(viewer, events)
      throw error
    }
  }

  end(recording: Recording): void {
    const running = this.#running.get(recording)
    if (running === undefined) return
    recording.close()
    this.#running.delete(recording)
    this.#release(running.viewer, running.events)
  }

  #release(viewer: string, events: number): void {
    this.#count -= 1
    this.#events -= events
    const left = (this.#countOf.get(viewer) ?? 0) - 1
    if (left > 0) this.#countOf.set(viewer, left)
    else this.#countOf.delete(viewer)
  }
}
