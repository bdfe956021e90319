import type { AcceptedBatch, ArrivedDelta } from './latency-messages.ts'

/**
 * For each batch and each screen, ms from an instant of the batch to the first delta that contains it.
 * @throws Error when a screen never received one, because the latencies of the others would then be too good.
 */
export function deltaLatencies(
  batches: readonly AcceptedBatch[],
  screens: readonly (readonly ArrivedDelta[])[],
  since: 'sentAt' | 'acceptedAt',
): Float64Array {
  const sorted = batches.toSorted((a, b) => Number(BigInt(a.position) - BigInt(b.position)))
  const latencies: number[] = []
  for (const arrived of screens) {
    const positions = arrived.map(({ position }) => BigInt(position))
    let next = 0
    for (const batch of sorted) {
      while (next < positions.length && (positions[next] ?? 0n) < BigInt(batch.position)) next += 1
      const delta = arrived[next]
      if (delta === undefined) throw new Error(`a screen was never sent position ${batch.position}`)
      latencies.push(Math.max(0, delta.at - batch[since]))
    }
  }
  return Float64Array.from(latencies).toSorted()
}

/** The nearest-rank percentile of ascending values. */
export function rankOf(ascending: ArrayLike<number>, ratio: number): number {
  const value = ascending[Math.max(0, Math.ceil(ratio * ascending.length) - 1)]
  if (value === undefined) throw new RangeError('no values to rank')
  return value
}
