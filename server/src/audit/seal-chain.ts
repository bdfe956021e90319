import { createHash } from 'node:crypto'

/** The hash before the first seal of a chain. */
export const chainBegin = '0'.repeat(64)

/**
 * The hash of a seal.
 * @param previous Hash of the seal before it, hex.
 * @param leaves Hashes of its rows by position, hex, with or without anything between them.
 */
export function sealHash(previous: string, leaves: string | readonly string[]): string {
  const hash = createHash('sha256').update(previous, 'hex')
  for (const leaf of typeof leaves === 'string' ? [leaves] : leaves) hash.update(leaf, 'hex')
  return hash.digest('hex')
}

/** Positions `from` to `to`, both included. */
export interface PositionRange {
  readonly from: bigint
  readonly to: bigint
}

/** @param text A multirange of whole numbers as PostgreSQL writes it: `{[1,5),[7,9)}`. */
export function parsePositions(text: string): PositionRange[] {
  return Array.from(text.matchAll(/\[(\d+),(\d+)\)/g), ([, from = '', end = '']) => ({
    from: BigInt(from),
    to: BigInt(end) - 1n,
  }))
}

export function contains(ranges: readonly PositionRange[], position: bigint): boolean {
  return ranges.some(({ from, to }) => from <= position && position <= to)
}
