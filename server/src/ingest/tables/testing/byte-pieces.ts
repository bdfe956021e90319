import type { ByteSource } from '../byte-source.ts'

/** The bytes of a file that is read in these pieces. */
export function bytePieces(...texts: readonly (string | Uint8Array)[]): ByteSource {
  const pieces = texts.map((text) => Buffer.from(text))
  return {
    compression: undefined,
    pieces: async function* () {
      yield* pieces
    },
    sizeBytes: pieces.reduce((sum, { length }) => sum + length, 0),
    readBytes: () => 0,
    close: () => Promise.resolve(),
  }
}
