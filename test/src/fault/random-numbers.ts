/** Numbers in [0, 1) derived from the seed (mulberry32), so that a run can be reproduced. */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** `FAULT_SEED`, or else taken from the clock; failing tests print it. */
export const faultSeed = Number(process.env['FAULT_SEED'] ?? Date.now() % 2 ** 31)
