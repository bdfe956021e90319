import { setImmediate } from 'node:timers/promises'

/** Screens and senders wait no longer than this for somebody's question. */
const sliceMs = 6

/** Whoever waits for a slice stands behind the others: each turn of the event loop has one. */
let lastTurn: Promise<unknown> = Promise.resolve()

/** Carries out long work in slices, between which everything else has its turn. A step of it is short: some µs. */
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

function nextTurn(): Promise<unknown> {
  lastTurn = lastTurn.then(() => setImmediate())
  return lastTurn
}
