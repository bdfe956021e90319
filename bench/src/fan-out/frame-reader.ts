const endOfHead = '\r\n\r\n'
const nothing: Buffer = Buffer.alloc(0)

/**
 * Finds the frames that a WebSocket server sends (RFC 6455: unmasked) after its answer to the upgrade, and returns the
 * first two bytes of each payload. Payloads are skipped, not copied.
 */
export class FrameReader {
  #isUpgraded = false
  /** Remaining bytes of the last frame. */
  #toSkip = 0
  /** Incomplete beginning of a frame. */
  #rest = nothing

  read(chunk: Buffer, onFrame: (first: number, second: number) => void): void {
    if (this.#toSkip >= chunk.length) {
      this.#toSkip -= chunk.length
      return
    }
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    if (!this.#isUpgraded && !data.includes(endOfHead)) {
      this.#rest = data
      return
    }
    let at = this.#isUpgraded ? this.#toSkip : data.indexOf(endOfHead) + endOfHead.length
    this.#isUpgraded = true
    for (let frame = frameAt(data, at); frame !== undefined; frame = frameAt(data, at)) {
      onFrame(data[frame.payloadAt] ?? 0, data[frame.payloadAt + 1] ?? 0)
      at = frame.endsAt
    }
    this.#toSkip = Math.max(0, at - data.length)
    this.#rest = at < data.length ? data.subarray(at) : nothing
  }
}

/** Undefined until the header and two bytes of the payload have arrived. */
function frameAt(data: Buffer, at: number): { readonly payloadAt: number; readonly endsAt: number } | undefined {
  const length = (data[at + 1] ?? 0) & 0x7f
  const payloadAt = at + (length === 127 ? 10 : length === 126 ? 4 : 2)
  if (payloadAt > data.length) return undefined
  const payloadLength =
    length === 127 ? Number(data.readBigUInt64BE(at + 2)) : length === 126 ? data.readUInt16BE(at + 2) : length
  if (payloadAt + Math.min(2, payloadLength) > data.length) return undefined
  return { payloadAt, endsAt: payloadAt + payloadLength }
}
