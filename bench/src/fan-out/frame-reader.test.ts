import { expect, test } from 'vitest'
import { FrameReader } from './frame-reader.ts'

function frame(payload: string): Buffer {
  const { length } = payload
  const header = length < 126 ? Buffer.from([0x81, length]) : Buffer.from([0x81, 126, length >> 8, length & 0xff])
  return Buffer.concat([header, Buffer.from(payload)])
}

function long(payload: string): Buffer {
  const header = Buffer.alloc(10)
  header.set([0x81, 127])
  header.writeBigUInt64BE(BigInt(payload.length), 2)
  return Buffer.concat([header, Buffer.from(payload)])
}

test('frames are found however the stream is cut into chunks', () => {
  const answer = Buffer.from('HTTP/1.1 101 Switching Protocols\r\n\r\n')
  const frames = [
    frame('0{}'),
    frame(`42${'x'.repeat(2000)}`),
    long(`43${'y'.repeat(70_000)}`),
    frame('2'),
    frame('42[]'),
  ]
  const stream = Buffer.concat([answer, ...frames])
  for (const size of [1, 2, 3, 7, 100, 4096, stream.length]) {
    const found: string[] = []
    const reader = new FrameReader()
    for (let at = 0; at < stream.length; at += size) {
      reader.read(stream.subarray(at, at + size), (first, second) => found.push(String.fromCharCode(first, second)))
    }
    expect(found.map((start) => start[0])).toEqual(['0', '4', '4', '2', '4'])
    expect(found.map((start) => start[1])).toEqual(['{', '2', '3', expect.anything(), '2'])
  }
})
