const blockBytes = 256 * 1024
const nothing = new Uint8Array(0)

/**
 * A queue of bytes that arrive in pieces: small pieces, of which there may be millions, are copied into a few large
 * blocks, each of which is released when it is taken.
 */
export class ByteQueue {
  #blocks: Uint8Array[] = []
  /** Index of the next block to take. */
  #next = 0
  #open = nothing
  #used = 0

  add(piece: Uint8Array): void {
    if (piece.length > this.#open.length - this.#used) {
      this.#close()
      if (piece.length >= blockBytes / 4) {
        this.#blocks.push(piece)
        return
      }
      this.#open = new Uint8Array(blockBytes)
    }
    this.#open.set(piece, this.#used)
    this.#used += piece.length
  }

  /** The next bytes, in order of arrival. Undefined: the queue is empty. */
  take(): Uint8Array | undefined {
    if (this.#next === this.#blocks.length) {
      this.#blocks = []
      this.#next = 0
      this.#close()
    }
    const block = this.#blocks[this.#next]
    if (block !== undefined) this.#blocks[this.#next++] = nothing
    return block
  }

  #close(): void {
    if (this.#used > 0) this.#blocks.push(this.#open.subarray(0, this.#used))
    this.#open = nothing
    this.#used = 0
  }
}
