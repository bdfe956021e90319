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

/** What stays free on the disk: an embedded database may be on it, which cannot go on without room. */
const reservedBytes = 256 * 1024 * 1024
/** Hashes that are under way; one that was let go of is read from the file at the end. */
const maxHashes = 100

/** The hash of the first bytes of a file. */
interface BegunHash {
  readonly hash: Hash
  bytes: number
}

/**
 * The bytes of uploads, a folder for each, and beside them the rows that imports of it have rejected. How much of one is
 * there is told by the size of its file, so that another server instance with the same folder goes on with it.
 */
export class UploadFiles {
  readonly #directory: string
  /** Uploads that a chunk is being written to. */
  readonly #written = new Set<string>()
  readonly #hashes = new Map<string, BegunHash>()

  constructor(directory: string) {
    this.#directory = directory
  }

  pathOf(id: string): string {
    return join(this.#folderOf(id), 'file')
  }

  /** Where the rows are that an import has rejected. */
  errorsPathOf(id: string, importId: number): string {
    return join(this.#folderOf(id), `rejected-${importId}.csv`)
  }

  /** @throws AppError `disk_full` when there is no room for it. */
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

  /** How many bytes are there; undefined: the upload is in the folder of another server instance. */
  async size(id: string): Promise<number | undefined> {
    return (await stat(this.pathOf(id)).catch(() => undefined))?.size
  }

  /**
   * Writes a chunk behind what is there. What came of it before its connection was cut stays.
   * @param end bytes of the whole file.
   * @returns how many bytes are there now.
   * @throws AppError `conflict` when it does not begin where the file ends, or another one is being written; `too_large`
   * when it is longer than a chunk or the file; `disk_full`.
   */
  async append(id: string, chunk: Readable, { offset, end }: { offset: number; end: number }): Promise<number> {
    if (this.#written.has(id)) throw new AppError('conflict', 'another chunk of the file is being written')
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

  /** SHA-256 of the whole file, hex. */
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

  /** Deletes those that are not named. */
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

/** Of a folder of ours, and of nothing else that somebody may have put there. */
const folderName = /^upload-([\w-]{22})$/

function noRoom(): AppError {
  return new AppError('disk_full', 'there is no room on the disk of the server for the file', { retryAfterS: 60 })
}

function refusalOf(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return noRoom()
  // The sender has gone; what came stays.
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new AppError('bad_request', 'the connection was cut within the chunk; go on from where the upload ends')
  }
  return error
}
