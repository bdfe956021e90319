import { setImmediate } from 'node:timers/promises'

/** Upper limit of one slice, and so of the delay that a long query causes for screens and senders. */
const sliceMs = 6

/** Queue of slices: each turn of the event loop runs one. */
let lastTurn: Promise<unknown> = Promise.resolve()

/** Runs long work in slices and lets everything else run in between. A step of `work` must be short: some µs. */
export async function inSlices<T>(work: Generator<unknown, T>): Promise<T> {
  for (;;) {
    await nextTurn()
    const until = performance.now() + sliceMs
    do {
      const step = work.next()
      if (step.done === true) return step.value
    } while (performance.now() < until)
  }
}

/** For work that is not a generator, to let everything else run: `if (slices.isUsedUp()) await slices.next()`. */
export class Slices {
  #until = performance.now() + sliceMs

  isUsedUp(): boolean {
    return performance.now() >= this.#until
  }

  async next(): Promise<void> {
    await nextTurn()
    this.#until = performance.now() + sliceMs
  }
}

function nextTurn(): Promise<unknown> {
  lastTurn = lastTurn.then(() => setImmediate())
  return lastTurn
}
