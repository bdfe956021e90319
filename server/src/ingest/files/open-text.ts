import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { FileEncoding } from './detect-encoding.ts'
import { detectEncoding } from './detect-encoding.ts'
import { AppError } from '../../platform/app-error.ts'

/** As much as encoding, delimiter and header are found out from. */
const headBytes = 64 * 1024

/** A text file that is read once, from the beginning, in pieces. */
export interface TextFile {
  readonly encoding: FileEncoding
  /** The beginning of the text, without a byte order mark. */
  readonly head: string
  /** The whole text, the head included. */
  readonly pieces: AsyncIterable<string>
  /** On disk, so compressed if the file is. */
  readonly sizeBytes: number
  /** How much of `sizeBytes` was read until now. */
  readonly readBytes: () => number
  readonly close: () => void
}

/**
 * Opens a plain or gzipped text file; its first bytes tell which, not its name.
 * @throws AppError when it is no text.
 */
export async function openText(path: string): Promise<TextFile> {
  const { handle, sizeBytes } = await openHandle(path)
  try {
    const magic = await readMagic(handle)
    refuseKnownFormats(magic)
    const file = handle.createReadStream({ start: 0 })
    const isGzip = magic.startsWith('1f8b')
    // The callback has nothing to do: whoever reads the last stream gets the error of any.
    const bytes: Readable = isGzip ? pipeline(file, createGunzip(), () => {}) : file
    const reader = byteReader(bytes, path)
    const { head, encoding } = await readHead(reader)
    return {
      encoding,
      head: new TextDecoder(encoding).decode(head, { stream: true }),
      pieces: decoded(head, reader, encoding),
      sizeBytes,
      readBytes: () => file.bytesRead,
      close: () => bytes.destroy(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function openHandle(path: string): Promise<{ handle: FileHandle; sizeBytes: number }> {
  try {
    const handle = await open(path)
    const stat = await handle.stat()
    if (stat.isDirectory()) throw new AppError('not_found', `${path} is a folder`)
    return { handle, sizeBytes: stat.size }
  } catch (error) {
    if (error instanceof AppError) throw error
    const reason = error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'no such file' : String(error)
    throw new AppError('not_found', `cannot open ${path}: ${reason}`)
  }
}

async function readMagic(handle: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(5), 0, 5, 0)
  return buffer.toString('hex', 0, bytesRead)
}

function refuseKnownFormats(magic: string): void {
  const format = knownFormats.find(([prefix]) => magic.startsWith(prefix))?.[1]
  if (format) throw new AppError('unsupported_media_type', `this is ${format}, not a CSV file; export it as CSV first`)
}

const knownFormats = [
  ['504b0304', 'an Excel workbook or another zip archive'],
  ['d0cf11e0', 'an old Excel workbook'],
  ['3c3f786d6c', 'an XML file such as XES'],
  ['25504446', 'a PDF document'],
] as const

async function* byteReader(bytes: Readable, path: string): AsyncGenerator<Buffer> {
  try {
    yield* bytes
  } catch (error) {
    throw new AppError('bad_request', `${path} ends early or is damaged: ${String(error)}`)
  }
}

async function readHead(reader: AsyncGenerator<Buffer>): Promise<{ head: Buffer; encoding: FileEncoding }> {
  const pieces: Buffer[] = []
  let length = 0
  while (length < headBytes) {
    const { done, value } = await reader.next()
    if (done) break
    pieces.push(value)
    length += value.length
  }
  const head = Buffer.concat(pieces)
  const encoding = detectEncoding(head)
  if (encoding === undefined)
    throw new AppError('unsupported_media_type', 'this is no text in UTF-8, GB18030, or UTF-16 with a byte order mark')
  return { head, encoding }
}

async function* decoded(head: Buffer, rest: AsyncGenerator<Buffer>, encoding: FileEncoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  yield decoder.decode(head, { stream: true })
  for await (const piece of rest) yield decoder.decode(piece, { stream: true })
  yield decoder.decode()
}
