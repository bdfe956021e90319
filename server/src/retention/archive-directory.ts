import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { hash, randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { ArchiveFailure } from '@stagewatch/shared/contract/retention.ts'
import type { Environment } from '../platform/environment.ts'

export const pack = promisify(gzip)

const gunzipped = promisify(gunzip)
/** Far more than the files of an archive have; a file that claims more is damaged. */
const maxUnpackedBytes = 2_000_000_000

export function unpack(content: Uint8Array): Promise<Buffer> {
  return gunzipped(content, { maxOutputLength: maxUnpackedBytes })
}

/** Endings of the files of an archive. */
export const archiveEndings = {
  events: '.events.ndjson.gz',
  log: '.log.ndjson.gz',
  manifest: '.manifest.json',
} as const
const partialEnding = '.partial'
const ownName =
  /^\d{4}-\d{2}-[0-9a-f]{16}\.(?:(?:events|log|(?:corrections|approvals)-[0-9a-f]{16})\.ndjson\.gz|manifest\.json)(?:\.[0-9a-f]{8}\.partial)?$/
/** Files that no archive refers to may belong to a server instance that is about to add it. */
const leftoverAfterMs = 24 * 3_600_000

/** Archiving cannot go on; nothing has been removed from the database. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError'
  readonly failure: ArchiveFailure

  constructor(failure: ArchiveFailure, message: string, cause?: unknown) {
    super(message, { cause })
    this.failure = failure
  }
}

/** The folder of all archives. */
export function archiveDirectory({ ARCHIVE_DIR, DATA_DIR }: Pick<Environment, 'ARCHIVE_DIR' | 'DATA_DIR'>): string {
  return resolve(ARCHIVE_DIR ?? join(DATA_DIR, 'archives'))
}

/** The folder of a site's archives. */
export function siteDirectory(directory: string, site: string): string {
  return join(directory, encodeURIComponent(site))
}

/** @throws ArchiveError if files cannot be written there. */
export async function requireWritable(directory: string, site: string): Promise<void> {
  const folder = siteDirectory(directory, site)
  const probe = join(folder, `.writable-${randomName()}`)
  await explained(directory, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeDurably(probe, Buffer.from('stagewatch'))
    await rm(probe)
  })
}

/**
 * Writes a file so that it survives a power failure, and reads it again. It gets its name when it is complete.
 * @throws ArchiveError if it cannot be written, or is not what was written.
 */
export async function writeFileDurably(directory: string, path: string, content: Uint8Array): Promise<void> {
  // Two server instances may write the same file.
  const partial = `${path}.${randomName()}${partialEnding}`
  await explained(directory, async () => {
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await writeDurably(partial, content)
      await rename(partial, path)
      await syncFolder(dirname(path))
    } catch (error) {
      await rm(partial, { force: true })
      throw error
    }
  })
  const read = await explained(directory, () => readFile(path))
  if (sha256(read) !== sha256(content))
    throw new ArchiveError('archive_damaged', `${path} does not contain what was written: check the disk`)
}

function randomName(): string {
  return randomBytes(4).toString('hex')
}

export function sha256(content: Uint8Array): string {
  return hash('sha256', content, 'hex')
}

/** Deletes the files of an archive, and what runs that were broken off have left behind of it. */
export async function deleteArchiveFiles(directory: string, site: string, name: string): Promise<void> {
  const folder = siteDirectory(directory, site)
  for (const file of await readdir(folder))
    if (ownName.test(file) && file.startsWith(`${name}.`)) await rm(join(folder, file), { force: true })
}

/** Deletes what runs that were broken off have left behind. @param isKnown whether a file belongs to an archive. */
export async function deleteLeftovers(
  directory: string,
  site: string,
  isKnown: (file: string) => boolean,
  now = Date.now(),
): Promise<number> {
  const folder = siteDirectory(directory, site)
  let deleted = 0
  for (const file of await readdir(folder)) {
    if (!ownName.test(file)) continue
    const isPartial = file.endsWith(partialEnding)
    if (!isPartial && isKnown(file)) continue
    const { mtimeMs } = await stat(join(folder, file))
    if (now - mtimeMs < leftoverAfterMs) continue
    await rm(join(folder, file), { force: true })
    deleted += 1
  }
  return deleted
}

async function writeDurably(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

const fullCodes: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT'])

/** Runs file operations, whose errors name the folder and what to do. */
export async function explained<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (fullCodes.has(code))
      throw new ArchiveError(
        'directory_full',
        `the disk of the archives is full: free some space for ${directory}`,
        error,
      )
    if (typeof code !== 'string') throw error
    const what = `archives cannot be written to or read from ${directory} (${code})`
    throw new ArchiveError(
      'directory_unwritable',
      `${what}: create it, or let the server write there, or set ARCHIVE_DIR`,
      error,
    )
  }
}
