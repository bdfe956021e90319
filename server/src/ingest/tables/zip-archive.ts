import type { Readable } from 'node:stream'
import type { Entry, ZipFile } from 'yauzl'
import { fromBufferPromise, openPromise } from 'yauzl'
import { AppError } from '../../platform/app-error.ts'
import { FileError } from './file-error.ts'
import type { ByteSource } from './byte-source.ts'

/** A workbook has a few dozen entries. */
const maxEntries = 10_000

/** A zip archive with random access to its files. */
export interface ZipArchive {
  readonly names: readonly string[]
  /** Size of the archive in bytes. */
  readonly sizeBytes: number
  readonly has: (name: string) => boolean
  /**
   * Decompresses one of the files; fails if it is larger than the archive declares.
   * @throws AppError if the archive has no such file.
   */
  readonly bytesOf: (name: string) => ByteSource
  /** Decompressed size in bytes. */
  readonly sizeOf: (name: string) => number
  readonly close: () => void
}

/**
 * @param source a path, or the bytes of the archive
 * @throws AppError if it is not a readable archive.
 */
export async function openZip(source: string | Buffer): Promise<ZipArchive> {
  const options = { autoClose: false, lazyEntries: true }
  const zip = await (
    typeof source === 'string' ? openPromise(source, options) : fromBufferPromise(source, options)
  ).catch((error: unknown) => {
    throw damaged(error)
  })
  try {
    return archiveOf(zip, await listEntries(zip))
  } catch (error) {
    zip.close()
    throw error
  }
}

async function listEntries(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>()
  try {
    for await (const entry of zip.eachEntry()) {
      entries.set(entry.fileName, entry)
      if (entries.size > maxEntries)
        throw new FileError('too_large', 'too_complex', `a zip archive with more than ${maxEntries} files`)
    }
  } catch (error) {
    throw error instanceof AppError ? error : damaged(error)
  }
  return entries
}

function archiveOf(zip: ZipFile, entries: ReadonlyMap<string, Entry>): ZipArchive {
  const entryOf = (name: string): Entry => {
    const entry = entries.get(name)
    if (entry === undefined)
      throw new FileError('bad_request', 'damaged', `the file is damaged: it lacks its part ${name}`)
    return entry
  }
  return {
    names: [...entries.keys()],
    sizeBytes: zip.fileSize,
    has: (name) => entries.has(name),
    sizeOf: (name) => entryOf(name).uncompressedSize,
    bytesOf: (name) => entryBytes(zip, entryOf(name)),
    close: () => zip.close(),
  }
}

function entryBytes(zip: ZipFile, entry: Entry): ByteSource {
  let lastPosition = () => 0
  async function* pieces(): AsyncGenerator<Buffer> {
    let position = 0
    // In bytes of the archive, assuming a uniform compression ratio within the file.
    lastPosition = () => (position / Math.max(1, entry.uncompressedSize)) * zip.fileSize
    if (entry.isEncrypted())
      throw new FileError('unsupported_media_type', 'encrypted', 'the archive has a password: unpack it first')
    try {
      const stream: Readable = await zip.openReadStreamPromise(entry)
      for await (const piece of stream as AsyncIterable<Buffer>) {
        position += piece.length
        yield piece
      }
    } catch (error) {
      throw error instanceof AppError ? error : damaged(error)
    }
  }
  return {
    compression: 'zip',
    pieces,
    sizeBytes: zip.fileSize,
    readBytes: () => lastPosition(),
    close: () => Promise.resolve(zip.close()),
  }
}

function damaged(error: unknown): AppError {
  const reason = error instanceof Error ? error.message : String(error)
  return new FileError(
    'bad_request',
    'damaged',
    `the zip archive is damaged or cut off (${reason}): copy or export it again`,
  )
}
