import { existsSync } from 'node:fs'
import { chmod, lstat, mkdir, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { systemCode, UnusableDatabaseError } from './unusable-database.ts'

/** Folder of the embedded database in its data directory. */
export const databaseFolder = 'pglite'
const ownName = /^(?:pglite|stagewatch\.)/
const forOthers = 0o077
const sticky = 0o1000

/**
 * Creates a data directory that only its owner may access, unless it exists.
 * @throws UnusableDatabaseError if it cannot be created or written to.
 */
export async function makeDataDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const probe = join(directory, `stagewatch.probe.${process.pid}`)
    await writeFile(probe, 'x', { mode: 0o600 })
    await rm(probe)
  } catch (error) {
    throw toUnusableDatabaseError(directory, await causeOf(error, directory))
  }
}

/** Node.js says `ENOENT` for whatever keeps it from making several folders at once, such as a read-only file system. */
async function causeOf(error: unknown, directory: string): Promise<unknown> {
  if (systemCode(error) !== 'ENOENT') return error
  let missing = resolve(directory)
  while (!existsSync(dirname(missing))) missing = dirname(missing)
  return mkdir(missing, { mode: 0o700 }).then(
    () => error,
    (cause: unknown) => cause,
  )
}

/** Describes who else may read or change the files. Undefined: nobody. */
export async function dataDirectoryProblem(directory: string): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined
  for (const path of [join(directory, databaseFolder), directory]) {
    const { mode } = await stat(path)
    if ((mode & forOthers) === 0) return undefined
  }
  return `other users of this machine may enter ${directory}: stop the server and run chmod -R go-rwx on it`
}

/** Number of bytes available on the disk of the directory. */
export async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory)
  return bavail * bsize
}

/**
 * Removes access for others from a data directory and its files. In a folder that also contains other things, only the
 * program's own files are changed. The caller must hold the lock of the directory, so that nobody changes the files
 * meanwhile.
 */
export async function restrictToOwner(directory: string): Promise<void> {
  if (process.platform === 'win32') return
  const names = await readdir(directory)
  const isOurs = names.every((name) => ownName.test(name))
  const { mode } = await stat(directory)
  if (isOurs && (mode & sticky) === 0) await restrictMode(directory, mode)
  for (const name of names) {
    if (ownName.test(name)) await restrictAll(join(directory, name))
  }
}

async function restrictAll(path: string): Promise<void> {
  const found = await lstat(path)
  if (found.isSymbolicLink()) return
  await restrictMode(path, found.mode)
  if (!found.isDirectory()) return
  for (const name of await readdir(path)) await restrictAll(join(path, name))
}

/** The mode of a file that belongs to another user cannot be changed; `doctor` reports it. */
async function restrictMode(path: string, mode: number): Promise<void> {
  if ((mode & forOthers) === 0) return
  await chmod(path, mode & 0o7700).catch((error: unknown) => {
    if (systemCode(error) !== 'EPERM') throw error
  })
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'must be writable for the user that runs the server',
  EPERM: 'must be writable for the user that runs the server',
  EROFS: 'is on a file system that is mounted read-only: choose another folder',
  ENOTDIR: 'must be a folder, and a file is in its place',
  EEXIST: 'must be a folder, and a file is in its place',
  ENOSPC: 'has no space left on its disk: free some, or choose another folder',
  EDQUOT: 'is beyond the quota of its disk: free some space, or choose another folder',
  ENAMETOOLONG: 'has a name that is too long: choose another folder',
  ENOENT: 'cannot be made: choose another folder',
}

/**
 * Converts a file system error about the data directory to one with a single-sentence message; other errors are
 * returned unchanged.
 */
export function toUnusableDatabaseError(directory: string, error: unknown): unknown {
  const reason = reasons[systemCode(error) ?? '']
  return reason === undefined ? error : new UnusableDatabaseError(`DATA_DIR: ${directory} ${reason}`)
}
