import { expect, it } from 'vitest'
import { eventFrame } from './event-frame.ts'

/** Length and start of the payload in a server's text frame, per RFC 6455. */
function opened(frame: Buffer): { readonly length: number; readonly at: number } {
  expect(frame[0]).toBe(0x81)
  const short = frame.readUInt8(1)
  if (short === 127) return { length: Number(frame.readBigUInt64BE(2)), at: 10 }
  return short === 126 ? { length: frame.readUInt16BE(2), at: 4 } : { length: short, at: 2 }
}

it.each([0, 93, 94, 65_503, 65_504, 200_000])(
  'a message of %i characters is one frame that says how long it is',
  (characters) => {
    const message = { text: `${'x'.repeat(characters)}华` }
    const { packet, options } = eventFrame('board:delta', message)
    const frame = Buffer.concat(options.wsPreEncodedFrame)
    const { length, at } = opened(frame)
    const payload = frame.subarray(at)
    expect(payload.length).toBe(length)
    expect(payload.toString()).toBe(`4${packet}`)
    expect(JSON.parse(packet.slice(1))).toEqual(['board:delta', message])
  },
)
