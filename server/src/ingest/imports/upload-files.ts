import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { freeBytes } from '@stagewatch/db/data-directory.ts'
import { uploadLimits } from '@stagewatch/shared/contract/uploads.ts'
import { AppError } from '../../platform/app-error.ts'

/** Disk space that is kept free: an embedded database may be on the same disk and cannot run without space. */
const reservedBytes = 256 * 1024 * 1024
/** Maximum number of hashes in progress; if one was evicted, the file is read again at the end. */
const maxHashes = 100

/** The hash of the first bytes of a file. */
interface BegunHash {
  readonly hash: Hash
  bytes: number
}

/**
 * Stores the bytes of uploads, one folder each, together with the rejected rows of their imports. The file size tells
 * how much of an upload has arrived, so another server instance with the same folder can continue it.
 */
export class UploadFiles {
  readonly #directory: string
  /** Uploads with a chunk being written. */
  readonly #written = new Set<string>()
  readonly #hashes = new Map<string, BegunHash>()

  constructor(directory: string) {
    this.#directory = directory
  }

  pathOf(id: string): string {
    return join(this.#folderOf(id), 'file')
  }

  /** Path of the rows that an import rejected. */
  errorsPathOf(id: string, importId: number): string {
    return join(this.#folderOf(id), `rejected-${importId}.csv`)
  }

  /** @throws AppError `disk_full` if there is not enough space. */
  async create(id: string, bytes: number): Promise<void> {
    try {
      await mkdir(this.#folderOf(id), { recursive: true, mode: 0o700 })
      if ((await freeBytes(this.#directory)) < bytes + reservedBytes) throw noRoom()
      await (await open(this.pathOf(id), 'wx', 0o600)).close()
    } catch (error) {
      await this.delete(id)
      throw refusalOf(error)
    }
  }

  /** Number of stored bytes; undefined if the upload is in the folder of another server instance. */
  async size(id: string): Promise<number | undefined> {
    return (await stat(this.pathOf(id)).catch(() => undefined))?.size
  }

  /**
   * Appends a chunk. Bytes that arrived before the connection broke are kept.
   * @param end size of the whole file in bytes.
   * @returns the number of stored bytes.
   * @throws AppError `conflict` if the chunk does not start at the end of the file, or another one is being written;
   * `too_large` if it exceeds the limit of a chunk or of the file; `disk_full`.
   */
  async append(id: string, chunk: Readable, { offset, end }: { offset: number; end: number }): Promise<number> {
    if (this.#written.has(id)) throw new AppError('conflict', 'another chunk of the file is still being written')
    this.#written.add(id)
    try {
      const size = await this.size(id)
      if (size !== offset) {
        throw new AppError('conflict', `the next chunk begins at ${size ?? 0}, not at ${offset}`, {
          field: 'upload-offset',
          reason: 'mismatch',
          limit: size ?? 0,
        })
      }
      return await this.#write(id, chunk, offset, Math.min(end, offset + uploadLimits.chunk))
    } catch (error) {
      throw refusalOf(error)
    } finally {
      this.#written.delete(id)
    }
  }

  /** SHA-256 of the whole file in hex. */
  async hash(id: string, bytes: number): Promise<string> {
    const begun = this.#hashes.get(id)
    this.#hashes.delete(id)
    if (begun?.bytes === bytes) return begun.hash.digest('hex')
    const hash = createHash('sha256')
    await pipeline(createReadStream(this.pathOf(id)), hash)
    return hash.digest('hex')
  }

  async delete(id: string): Promise<void> {
    this.#hashes.delete(id)
    await rm(this.#folderOf(id), { recursive: true, force: true })
  }

  /** Deletes all uploads except the given ones. */
  async deleteOthers(kept: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.#directory).catch(() => [])) {
      const id = folderName.exec(name)?.[1]
      if (id !== undefined && !kept.has(id)) await this.delete(id)
    }
  }

  #folderOf(id: string): string {
    return join(this.#directory, `upload-${id}`)
  }

  async #write(id: string, chunk: Readable, offset: number, limit: number): Promise<number> {
    const begun = this.#begunHash(id, offset)
    const file = await open(this.pathOf(id), 'r+')
    let size = offset
    try {
      for await (const piece of chunk as AsyncIterable<Buffer>) {
        if (size + piece.length > limit) {
          throw new AppError('too_large', `a chunk has at most ${uploadLimits.chunk} bytes and ends with the file`, {
            field: 'body',
            reason: 'too_large',
            limit: limit - offset,
          })
        }
        await file.write(piece, 0, piece.length, size)
        size += piece.length
        begun?.hash.update(piece)
        if (begun !== undefined) begun.bytes = size
      }
      return size
    } finally {
      await file.close()
    }
  }

  #begunHash(id: string, offset: number): BegunHash | undefined {
    const known = this.#hashes.get(id)
    if (known?.bytes === offset) return known
    if (offset > 0 || this.#hashes.size >= maxHashes) return undefined
    const begun = { hash: createHash('sha256'), bytes: 0 }
    this.#hashes.set(id, begun)
    return begun
  }
}

/** Only matches folders created by the server, not other files that somebody may have put there. */
const folderName = /^upload-([\w-]{22})$/

function noRoom(): AppError {
  return new AppError('disk_full', 'the disk of the server has no space for the file', { retryAfterS: 60 })
}

function refusalOf(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return noRoom()
  // The sender disconnected; the bytes that arrived are kept.
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new AppError('bad_request', 'the connection was lost within the chunk; continue at the end of the upload')
  }
  return error
}
