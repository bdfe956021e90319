import { TimeHeap } from './time-heap.ts'

/** The virtual clock of the plant and its future events. */
export class Agenda {
  readonly #actions = new TimeHeap<() => void>()
  #now: number

  constructor(now: number) {
    this.#now = now
  }

  get now(): number {
    return this.#now
  }

  /** Time of the next event; `Infinity` if there is none. */
  get nextAt(): number {
    return this.#actions.nextAt
  }

  /** Sources use whole seconds, so events occur at whole seconds; never in the past. */
  at(instant: number, action: () => void): void {
    this.#actions.add(Math.max(this.#now, Math.ceil(instant / 1000) * 1000), action)
  }

  after(delayMs: number, action: () => void): void {
    this.at(this.#now + delayMs, action)
  }

  /** Advances to the next instant and runs everything due then. */
  step(): void {
    this.#now = this.#actions.nextAt
    this.#actions.take()?.()
  }
}
