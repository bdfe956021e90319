import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AppError } from '../../platform/app-error.ts'
import { FileError } from './file-error.ts'

/** Reading the rows of one piece takes a few ms, after which other work can run. */
const pieceBytes = 64 * 1024
/** Enough to detect the file type. */
const headBytes = 64 * 1024

/** The decompressed bytes of a file, which can be read from the start any number of times. */
export interface ByteSource {
  readonly compression: 'gzip' | 'zip' | undefined
  readonly pieces: () => AsyncIterable<Buffer>
  /** Size on disk, so compressed if the file is. */
  readonly sizeBytes: number
  /** How much of `sizeBytes` the most recently started loop has read. */
  readonly readBytes: () => number
  readonly close: () => Promise<void>
}

/**
 * Opens a plain or gzipped file, detected by its first bytes rather than its name.
 * @throws AppError if it cannot be opened.
 */
export async function openBytes(path: string): Promise<ByteSource> {
  const { handle, sizeBytes } = await openHandle(path)
  const isGzip = await hasGzipMagic(handle)
  let lastPosition = () => 0
  async function* filePieces(): AsyncGenerator<Buffer> {
    // Local to this loop: an aborted loop may still read ahead.
    let position = 0
    lastPosition = () => position
    for (;;) {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes, position)
      if (bytesRead === 0) return
      position += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  }
  return {
    compression: isGzip ? 'gzip' : undefined,
    pieces: () => (isGzip ? unpacked(filePieces()) : filePieces()),
    sizeBytes,
    readBytes: () => lastPosition(),
    close: () => handle.close(),
  }
}

/** The first bytes, up to `headBytes`. */
export async function readHead(source: ByteSource): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of source.pieces()) {
    pieces.push(piece)
    length += piece.length
    if (length >= headBytes) break
  }
  return Buffer.concat(pieces).subarray(0, headBytes)
}

async function openHandle(path: string): Promise<{ handle: FileHandle; sizeBytes: number }> {
  let handle: FileHandle | undefined
  try {
    handle = await open(path)
    const stat = await handle.stat()
    if (!stat.isFile()) throw new AppError('not_found', `${path} is a ${stat.isDirectory() ? 'folder' : 'device'}`)
    return { handle, sizeBytes: stat.size }
  } catch (error) {
    await handle?.close()
    if (error instanceof AppError) throw error
    const reason = error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'no such file' : String(error)
    throw new AppError('not_found', `cannot open ${path}: ${reason}`)
  }
}

async function hasGzipMagic(handle: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0)
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
}

async function* unpacked(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  // The callback is empty because the loop receives the error of either stream.
  const stream: Readable = pipeline(Readable.from(packed), createGunzip({ chunkSize: pieceBytes }), () => {})
  try {
    yield* stream
  } catch (error) {
    throw unpackProblem(error)
  }
}

function unpackProblem(error: unknown): FileError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'Z_BUF_ERROR') {
    const message =
      'the gzip file ends early, so its last rows are missing: it was not copied to its end. Copy or export it again'
    return new FileError('bad_request', 'cut_off', message)
  }
  const message =
    typeof code === 'string' && code.startsWith('Z_')
      ? `the gzip file is damaged (${code}): copy or export it again`
      : `the file cannot be read to its end: ${String(error)}`
  return new FileError('bad_request', 'damaged', message)
}
