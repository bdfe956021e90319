import { setImmediate } from 'node:timers/promises'

/** Screens and senders wait no longer than this for somebody's question. */
const sliceMs = 8

/** Work that waits goes on one after the other, a slice in each turn of the event loop. */
let lastTurn: Promise<unknown> = Promise.resolve()

/** Carries out long work in slices, between which everything else has its turn. A step of it is short: some µs. */
export async function inSlices<T>(work: Generator<unknown, T>): Promise<T> {
  let until = performance.now() + sliceMs
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
    if (performance.now() < until) continue
    await nextTurn()
    until = performance.now() + sliceMs
  }
}

function nextTurn(): Promise<unknown> {
  lastTurn = lastTurn.then(() => setImmediate())
  return lastTurn
}
