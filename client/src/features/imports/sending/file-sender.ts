import type { UploadView } from '@stagewatch/shared/contract/uploads.ts'
import { ApiError } from '../../../api/request.ts'

/** Fits the default limit of a proxy, and takes a slow connection only a few seconds. */
const firstChunk = 1024 * 1024
const smallestChunk = 64 * 1024
/** Chunks sent faster than this are followed by larger ones, slower chunks by smaller ones. */
const fastMs = 1_000
const slowMs = 5_000
const firstRetryMs = 500
const longestRetryMs = 15_000
/** Weight of the latest chunk in the displayed speed. */
const newestShare = 0.3

export interface Sending {
  /** `waiting`: after a temporary failure; the upload resumes by itself. */
  readonly state: 'sending' | 'paused' | 'waiting' | 'failed' | 'done'
  readonly sentBytes: number
  /** Undefined: nothing has been sent yet. */
  readonly bytesPerSecond: number | undefined
  /** Why the upload is waiting or has failed. */
  readonly error: Error | undefined
}

/** The local file can no longer be read because it was moved or changed. */
export class FileGoneError extends Error {}

interface FileSenderOptions {
  readonly file: Blob
  readonly upload: Pick<UploadView, 'id' | 'bytes' | 'receivedBytes'>
  /** Maximum number of bytes per request. */
  readonly maxChunk: number
  readonly send: (id: string, offset: number, chunk: ArrayBuffer, signal: AbortSignal) => Promise<UploadView>
  /** Loads how much of the file the server has received. */
  readonly ask: (id: string, signal: AbortSignal) => Promise<UploadView>
  /** Resolves after the delay, or earlier if a retry makes sense; rejects when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  /** Monotonic ms. */
  readonly now: () => number
}

/** Uploads a file in chunks, holding one chunk in memory, and resumes after failures. */
export class FileSender {
  readonly #options: FileSenderOptions
  readonly #listeners = new Set<() => void>()
  #sending: Sending
  #chunkBytes: number
  #running: AbortController | undefined

  constructor(options: FileSenderOptions) {
    this.#options = options
    this.#chunkBytes = Math.min(firstChunk, options.maxChunk)
    this.#sending = {
      state: 'paused',
      sentBytes: options.upload.receivedBytes,
      bytesPerSecond: undefined,
      error: undefined,
    }
  }

  get sending(): Sending {
    return this.#sending
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Resolves when the upload is paused, has failed or is done. */
  async start(): Promise<void> {
    if (this.#running !== undefined || this.#sending.state === 'done') return
    const running = new AbortController()
    this.#running = running
    this.#change({ state: 'sending', error: undefined })
    try {
      await this.#sendAll(running.signal)
      this.#change({ state: 'done', error: undefined })
    } catch (error) {
      if (!running.signal.aborted) this.#change({ state: 'failed', error: asError(error) })
    } finally {
      if (this.#running === running) this.#running = undefined
    }
  }

  pause(): void {
    if (this.#running === undefined) return
    this.#running.abort()
    this.#running = undefined
    this.#change({ state: 'paused', error: undefined })
  }

  async #sendAll(signal: AbortSignal): Promise<void> {
    const { file, upload, ask, wait } = this.#options
    let failures = 0
    // After a broken request the server may have received more than its last response reported.
    let isSure = false
    while (this.#sending.sentBytes < upload.bytes) {
      try {
        signal.throwIfAborted()
        if (!isSure) {
          const { receivedBytes } = await ask(upload.id, signal)
          signal.throwIfAborted()
          this.#received(receivedBytes)
        }
        isSure = true
        const { sentBytes } = this.#sending
        if (sentBytes === upload.bytes) return
        const chunk = await readBytes(file.slice(sentBytes, sentBytes + this.#chunkBytes))
        signal.throwIfAborted()
        await this.#sendChunk(chunk, signal)
        failures = 0
      } catch (error) {
        if (signal.aborted || !mayPass(error, this.#chunkBytes)) throw error
        isSure = false
        this.#chunkBytes = Math.max(smallestChunk, Math.ceil(this.#chunkBytes / 2))
        this.#change({ state: 'waiting', error: asError(error) })
        await wait(Math.min(firstRetryMs * 2 ** failures, longestRetryMs), signal)
        failures += 1
      }
    }
  }

  async #sendChunk(chunk: ArrayBuffer, signal: AbortSignal): Promise<void> {
    const { upload, maxChunk, send, now } = this.#options
    const beganAt = now()
    const { receivedBytes } = await send(upload.id, this.#sending.sentBytes, chunk, signal)
    const tookMs = Math.max(1, now() - beganAt)
    if (signal.aborted) return
    this.#received(receivedBytes, (chunk.byteLength * 1_000) / tookMs)
    if (tookMs < fastMs) this.#chunkBytes = Math.min(maxChunk, this.#chunkBytes * 2)
    if (tookMs > slowMs) this.#chunkBytes = Math.max(smallestChunk, Math.ceil(this.#chunkBytes / 2))
  }

  #received(sentBytes: number, speed?: number): void {
    const { bytesPerSecond: before } = this.#sending
    this.#change({
      state: 'sending',
      sentBytes,
      error: undefined,
      ...(speed !== undefined && {
        bytesPerSecond: before === undefined ? speed : before + (speed - before) * newestShare,
      }),
    })
  }

  #change(part: Partial<Sending>): void {
    this.#sending = { ...this.#sending, ...part }
    for (const listener of this.#listeners) listener()
  }
}

/** @throws FileGoneError */
async function readBytes(part: Blob): Promise<ArrayBuffer> {
  try {
    return await part.arrayBuffer()
  } catch (error) {
    throw new FileGoneError('the file cannot be read any more', { cause: error })
  }
}

/** Whether a retry may succeed: with a network, another offset, a smaller chunk, or free space on the server. */
function mayPass(error: unknown, chunkBytes: number): boolean {
  // There was no response, or none in time.
  if (!(error instanceof ApiError)) return error instanceof TypeError || error instanceof DOMException
  if (error.status === 413) return chunkBytes > smallestChunk
  return error.status === 409 || error.status === 408 || error.status === 429 || error.status >= 500
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
