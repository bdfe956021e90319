import { TimeHeap } from './time-heap.ts'

/** The virtual clock of the plant and everything that is going to happen in it. */
export class Agenda {
  readonly #actions = new TimeHeap<() => void>()
  #now: number

  constructor(now: number) {
    this.#now = now
  }

  get now(): number {
    return this.#now
  }

  /** When something happens next; `Infinity` when nothing will. */
  get nextAt(): number {
    return this.#actions.nextAt
  }

  /** Sources stamp whole seconds, so things happen at whole seconds; never in the past. */
  at(instant: number, action: () => void): void {
    this.#actions.add(Math.max(this.#now, Math.ceil(instant / 1000) * 1000), action)
  }

  after(delayMs: number, action: () => void): void {
    this.at(this.#now + delayMs, action)
  }

  /** Moves on to the next instant and does what is due there. */
  step(): void {
    this.#now = this.#actions.nextAt
    this.#actions.take()?.()
  }
}
