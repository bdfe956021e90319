import { createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readBackup } from './read-backup.ts'
import type { BackupContent } from './read-backup.ts'
import { writeBackup } from './write-backup.ts'
import type { BackupOptions } from './write-backup.ts'

const ownName = /^stagewatch-\d{4}-\d{2}-\d{2}T\d{6}Z\.tar\.zst$/
const partialSuffix = '.partial'

/** A complete backup in a folder. */
export interface BackupFile {
  readonly name: string
  readonly bytes: number
  /** When it was completed, epoch ms. */
  readonly completedAt: number
}

/** @param now Epoch ms. */
export function backupFileName(now: number): string {
  return `stagewatch-${new Date(now).toISOString().slice(0, 19).replaceAll(':', '')}Z.tar.zst`
}

/**
 * Writes a backup to a file, which gets its name when it is complete and has been read again.
 * @throws AppError `invalid_field` when what was written cannot be read.
 */
export async function writeBackupFile(path: string, options: BackupOptions): Promise<BackupContent> {
  return completeFile(path, async (partial) => {
    await writeBackup(options, createWriteStream(partial, { mode: 0o600 }))
    return checkBackup(partial, options.signal)
  })
}

/** Reads a whole backup without restoring it. @throws AppError `invalid_field` when it is damaged. */
export function checkBackup(path: string, signal?: AbortSignal): Promise<BackupContent> {
  return readBackup(path, () => Promise.resolve(), signal)
}

/** Lets `write` create a file under a temporary name, and gives it its name once it is on the disk. */
export async function completeFile<T>(path: string, write: (partial: string) => Promise<T>): Promise<T> {
  const partial = path + partialSuffix
  await mkdir(dirname(path), { recursive: true })
  try {
    const result = await write(partial)
    const file = await open(partial, 'r+')
    await file.sync()
    await file.close()
    await rename(partial, path)
    return result
  } finally {
    await rm(partial, { force: true })
  }
}

/** The backups in a folder that were made by the schedule, newest first. A folder that does not exist has none. */
export async function listBackups(directory: string): Promise<BackupFile[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  const own = names.filter((name) => ownName.test(name)).toSorted((a, b) => (a < b ? 1 : -1))
  return Promise.all(
    own.map(async (name) => {
      const { size, mtimeMs } = await stat(join(directory, name))
      return { name, bytes: size, completedAt: Math.round(mtimeMs) }
    }),
  )
}

/** Deletes all but the newest backups of a folder, and the remains of one that was broken off. */
export async function deleteOldBackups(directory: string, keep: number): Promise<void> {
  const names = await readdir(directory)
  const old = names.filter((name) => ownName.test(name)).toSorted((a, b) => (a < b ? 1 : -1))
  const remains = names.filter(
    (name) => name.endsWith(partialSuffix) && ownName.test(name.slice(0, -partialSuffix.length)),
  )
  for (const name of [...old.slice(keep), ...remains]) await rm(join(directory, name), { force: true })
}
