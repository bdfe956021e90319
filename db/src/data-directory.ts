import { chmod, lstat, mkdir, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode, UnusableDatabaseError } from './unusable-database.ts'

/** The embedded database in its data directory. */
export const databaseFolder = 'pglite'
const ownName = /^(?:pglite|stagewatch\.)/
const forOthers = 0o077
const sticky = 0o1000

/**
 * Makes a data directory that nobody but its owner may enter, unless there is one.
 * @throws UnusableDatabaseError when it cannot be made or written to.
 */
export async function makeDataDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const probe = join(directory, `stagewatch.probe.${process.pid}`)
    await writeFile(probe, 'x', { mode: 0o600 })
    await rm(probe)
  } catch (error) {
    throw unusable(directory, error)
  }
}

/** What is wrong with who may read or change the files; undefined: nothing. */
export async function dataDirectoryProblem(directory: string): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined
  for (const path of [join(directory, databaseFolder), directory]) {
    const { mode } = await stat(path)
    if ((mode & forOthers) === 0) return undefined
  }
  return `other users of this machine may enter ${directory}: stop the server and run chmod -R go-rwx on it`
}

/** Bytes that may still be written on the disk of the directory. */
export async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory)
  return bavail * bsize
}

/**
 * Takes from others what they may do with a data directory and its files. A folder that holds other things as well is
 * left as it is, except for what is ours in it. For the holder of its lock: nobody changes the files meanwhile.
 */
export async function closeToOthers(directory: string): Promise<void> {
  if (process.platform === 'win32') return
  const names = await readdir(directory)
  const isOurs = names.every((name) => ownName.test(name))
  const { mode } = await stat(directory)
  if (isOurs && (mode & sticky) === 0) await closeOne(directory)
  for (const name of names) {
    if (ownName.test(name)) await closeAll(join(directory, name))
  }
}

async function closeAll(path: string): Promise<void> {
  const found = await lstat(path)
  if (found.isSymbolicLink()) return
  await closeOne(path)
  if (!found.isDirectory()) return
  for (const name of await readdir(path)) await closeAll(join(path, name))
}

/** Of a file that belongs to somebody else the mode cannot be changed; `doctor` tells. */
async function closeOne(path: string): Promise<void> {
  const { mode } = await stat(path)
  if ((mode & forOthers) === 0) return
  await chmod(path, mode & 0o7700).catch((error: unknown) => {
    if (systemCode(error) !== 'EPERM') throw error
  })
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'must be writable for the user that runs the server',
  EPERM: 'must be writable for the user that runs the server',
  EROFS: 'is on a file system that is mounted read-only',
  ENOTDIR: 'must be a folder, and a file is in its place',
  EEXIST: 'must be a folder, and a file is in its place',
  ENOSPC: 'has no space left on its disk: free some, or choose another folder',
  EDQUOT: 'is beyond the quota of its disk: free some space, or choose another folder',
  ENAMETOOLONG: 'has a name that is too long',
  ENOENT: 'cannot be made',
}

/** An error of the file system about the data directory as one sentence; another one as it is. */
export function unusable(directory: string, error: unknown): unknown {
  const reason = reasons[systemCode(error) ?? '']
  return reason === undefined ? error : new UnusableDatabaseError(`DATA_DIR: ${directory} ${reason}`)
}
