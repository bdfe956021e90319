import type { UploadView } from '@stagewatch/shared/contract/uploads.ts'
import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../api/request.ts'
import { FileGoneError, FileSender } from './file-sender.ts'

/** A failure instead of a response. */
type Trouble = 'cut before' | 'cut after' | 'overloaded' | 'too large' | undefined

/** A server that stores what it receives and fails in the given ways, one after the other. */
class Receiver {
  readonly received: Uint8Array[] = []
  readonly #troubles: Trouble[]
  readonly #total: number

  constructor(total: number, troubles: readonly Trouble[] = []) {
    this.#total = total
    this.#troubles = [...troubles]
  }

  get chunks(): number[] {
    return this.received.map(({ length }) => length)
  }

  async send(_id: string, offset: number, chunk: ArrayBuffer): Promise<UploadView> {
    const trouble = this.#troubles.shift()
    if (trouble === 'cut before') throw new TypeError('network')
    if (trouble === 'overloaded') throw new ApiError({ status: 503, code: 'overloaded' })
    if (trouble === 'too large') throw new ApiError({ status: 413 })
    if (offset !== this.view().receivedBytes) throw new ApiError({ status: 409, code: 'conflict' })
    this.received.push(new Uint8Array(chunk))
    if (trouble === 'cut after') throw new TypeError('network')
    return this.view()
  }

  view(): UploadView {
    const receivedBytes = this.chunks.reduce((sum, bytes) => sum + bytes, 0)
    return { id: 'a', file: 'a.csv', bytes: this.#total, receivedBytes, startedAt: 0, expiresAt: 0, earlier: [] }
  }
}

function senderOf(file: Blob, receiver: Receiver, { chunkMs = 1, maxChunk = 8 << 20 } = {}) {
  let now = 0
  const waits: number[] = []
  const sender = new FileSender({
    file,
    upload: receiver.view(),
    maxChunk,
    send: (...chunk) => {
      now += chunkMs
      return receiver.send(chunk[0], chunk[1], chunk[2])
    },
    ask: async () => receiver.view(),
    wait: async (ms) => void waits.push(ms),
    now: () => now,
  })
  return { sender, waits }
}

function someBytes(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (index * 31) % 251)
}

describe('an upload', () => {
  it.each<readonly [string, readonly Trouble[]]>([
    ['nothing', []],
    ['a line that breaks before and after a chunk', ['cut before', undefined, 'cut after', 'cut after', 'cut before']],
    ['a server that is overloaded', ['overloaded', 'overloaded', undefined, 'overloaded']],
    ['a proxy that lets less through', ['too large', 'cut after', undefined, 'too large']],
  ])('arrives unchanged, in spite of %s', async (_, troubles) => {
    const bytes = someBytes(700_000)
    const receiver = new Receiver(bytes.length, troubles)
    const { sender } = senderOf(new Blob([bytes]), receiver, { maxChunk: 256 * 1024 })
    await sender.start()
    expect(sender.sending).toMatchObject({ state: 'done', sentBytes: bytes.length })
    expect(Buffer.compare(Buffer.concat(receiver.received), bytes)).toBe(0)
  })

  it('resumes at its offset after a pause', async () => {
    const receiver = new Receiver(3_000_000)
    const { sender } = senderOf(new Blob([someBytes(3_000_000)]), receiver, { chunkMs: 2_000 })
    const stop = sender.subscribe(() => receiver.chunks.length === 1 && sender.pause())
    await sender.start()
    stop()
    expect(sender.sending.state).toBe('paused')
    expect(receiver.chunks).toHaveLength(1)
    await sender.start()
    expect(sender.sending).toMatchObject({ state: 'done', sentBytes: 3_000_000 })
    expect(receiver.view().receivedBytes).toBe(3_000_000)
  })

  it('adapts the chunk size to the connection', async () => {
    const fast = new Receiver(20 << 20)
    await senderOf(new Blob([new Uint8Array(20 << 20)]), fast, { chunkMs: 100 }).sender.start()
    expect(fast.chunks.map((bytes) => bytes / (1 << 20))).toEqual([1, 2, 4, 8, 5])
    const slow = new Receiver(1 << 20)
    await senderOf(new Blob([new Uint8Array(1 << 20)]), slow, { chunkMs: 9_000, maxChunk: 512 * 1024 }).sender.start()
    expect(slow.chunks.map((bytes) => bytes / 1024)).toEqual([512, 256, 128, 64, 64])
  })

  it('backs off while nothing gets through', async () => {
    const receiver = new Receiver(10, ['cut before', 'overloaded', 'cut before', 'cut after'])
    const { sender, waits } = senderOf(new Blob([someBytes(10)]), receiver)
    await sender.start()
    expect(sender.sending.state).toBe('done')
    expect(waits).toEqual([500, 1_000, 2_000, 4_000])
  })

  it('fails when the file can no longer be read, or is refused', async () => {
    class Gone extends Blob {
      override slice(): Blob {
        return Object.assign(new Blob(), { arrayBuffer: () => Promise.reject(new Error('NotReadableError')) })
      }
    }
    const { sender } = senderOf(new Gone([someBytes(10)]), new Receiver(10))
    await sender.start()
    expect(sender.sending).toMatchObject({ state: 'failed', error: expect.any(FileGoneError) })
    const deleted = new Receiver(10)
    deleted.send = () => Promise.reject(new ApiError({ status: 404, code: 'not_found' }))
    const refused = senderOf(new Blob([someBytes(10)]), deleted).sender
    await refused.start()
    expect(refused.sending).toMatchObject({ state: 'failed', error: { status: 404 } })
    // Every proxy accepts at least the smallest chunk.
    const narrow = senderOf(new Blob([someBytes(10)]), new Receiver(10, Array<Trouble>(9).fill('too large'))).sender
    await narrow.start()
    expect(narrow.sending).toMatchObject({ state: 'failed', error: { status: 413 } })
  })
})
