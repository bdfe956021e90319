import { AppError } from '../../platform/app-error.ts'
import { Recording } from './recording.ts'
import type { RecordingOptions } from './recording.ts'

/** Each recording keeps an engine of its own in memory. */
const maxRecordings = 8
/** Limit per person, key, screen or address, so that others can still open one. */
const maxOfViewer = 4
/** Limit for all recordings together; an event and its results take about 1 KB. */
const maxEvents = 500_000

/** The recordings on this server instance, limited in number and in total history. */
export class Recordings {
  readonly #running = new Map<Recording, { readonly viewer: string; readonly events: number }>()
  /** Number of running and opening recordings by viewer. */
  readonly #countOf = new Map<string, number>()
  /** Number of running and opening recordings. */
  #count = 0
  #events = 0

  /** Usage and limits by name. */
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
   * Reserves its place before anything is read, so that recordings opened at the same time count each other.
   * @param viewer key of the viewer.
   * @throws AppError `overloaded` if there are too many; `invalid_field` if the period has too many events to keep.
   */
  async open(viewer: string, options: Omit<RecordingOptions, 'reserve'>): Promise<Recording> {
    const ofViewer = this.#countOf.get(viewer) ?? 0
    if (ofViewer >= maxOfViewer) {
      throw new AppError('overloaded', `you have ${maxOfViewer} recordings open: close one of them first`)
    }
    if (this.#count >= maxRecordings) {
      throw new AppError('overloaded', `${maxRecordings} recordings are playing; try again when one has ended`)
    }
    this.#count += 1
    this.#countOf.set(viewer, ofViewer + 1)
    let events = 0
    const reserve = (more: number): void => {
      if (events + more > maxEvents) {
        const message = `this span has more than ${maxEvents} events: choose a shorter one`
        throw new AppError('invalid_field', message, { field: 'to', reason: 'too_wide' })
      }
      if (this.#events + more > maxEvents) {
        throw new AppError('overloaded', 'the recordings that are playing use all the memory for recordings')
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
