/** A message for many screens, written once. */
export interface EventFrame {
  /** As socket.io writes an event (https://socket.io/docs/v4/socket-io-protocol/). */
  readonly packet: string
  /**
   * What engine.io sends instead of framing the packet for each screen; were it to ignore this, the packet would go
   * out all the same.
   */
  readonly options: { readonly compress: false; readonly wsPreEncodedFrame: readonly Buffer[] }
}

/**
 * One buffer of header and payload: socket.io by itself sends two, and gathering these in the kernel took half of all
 * the time that a message to a screen costs.
 */
export function eventFrame(event: string, message: unknown): EventFrame {
  const packet = `2${JSON.stringify([event, message])}`
  const payload = Buffer.from(`4${packet}`)
  return {
    packet,
    options: { compress: false, wsPreEncodedFrame: [Buffer.concat([textHeader(payload.length), payload])] },
  }
}

/** RFC 6455, section 5.2: a final text frame, not masked. */
function textHeader(length: number): Buffer {
  if (length < 126) return Buffer.from([0x81, length])
  if (length < 65_536) return Buffer.from([0x81, 126, length >> 8, length & 0xff])
  const header = Buffer.alloc(10)
  header.set([0x81, 127])
  header.writeBigUInt64BE(BigInt(length), 2)
  return header
}
