import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { UnusableDatabaseError } from './unusable-database.ts'

/** Identity of the process that holds a data directory, and how a command reaches it. */
export interface LockHolder {
  /** As seen by the holder: in a container it differs from the number outside. */
  readonly pid: number
  readonly host: string
  /** Address of the holder's server, once it is listening. */
  readonly url?: string
  /** Credential for commands on this machine; only the owner can read the file. */
  readonly token: string
}

export interface DataDirectoryLock {
  readonly token: string
  /** Publishes the address of the running server for commands. */
  announce(url: string): Promise<void>
  release(): Promise<void>
}

/** Another server instance or a command has the data directory open. */
export class DataDirectoryInUseError extends Error {
  override readonly name = 'DataDirectoryInUseError'
  /** Undefined: the holder has not written its identity yet. */
  readonly holder: LockHolder | undefined

  constructor(directory: string, holder: LockHolder | undefined) {
    const who = holder === undefined ? 'a process that is starting' : `process ${holder.pid}`
    const elsewhere = holder === undefined || holder.host === hostname() ? '' : ` on ${holder.host}`
    const where = holder?.url === undefined ? '' : `, serving on ${holder.url}`
    super(`the data directory ${directory} is in use by ${who}${elsewhere}${where}`)
    this.holder = holder
  }
}

/** Identifies the holder. It is only informational, so a stale or copied file does no harm. */
export const holderFile = (directory: string) => join(directory, 'stagewatch.lock')
/** The locked file. It is never deleted: another process could have locked it just before. */
const mutexFile = (directory: string) => join(directory, 'stagewatch.mutex')

const sqliteBusy = 5

/** Keeps connections referenced: a garbage-collected connection would release its lock. */
const held = new Set<DatabaseSync>()

/**
 * Makes this process the only one that opens the directory's database. Two processes on the same embedded files would
 * destroy them.
 *
 * The lock is one of the operating system (through SQLite, which supports it on every platform). The kernel releases it
 * as soon as its holder dies, for whatever reason, so nobody waits after `kill -9`; a hanging holder keeps it; and it
 * works between containers that share a volume, where process ids are meaningless.
 * @throws DataDirectoryInUseError, or UnusableDatabaseError if the file system has no locks.
 */
export async function lockDataDirectory(directory: string): Promise<DataDirectoryLock> {
  const mutex = lockMutex(directory)
  const file = holderFile(directory)
  const mine: LockHolder = { pid: process.pid, host: hostname(), token: randomBytes(32).toString('base64url') }
  const write = async (holder: LockHolder): Promise<void> => {
    const draft = `${file}.${randomBytes(4).toString('hex')}`
    try {
      await writeFile(draft, JSON.stringify(holder), { mode: 0o600 })
      await rename(draft, file)
    } catch (error) {
      await rm(draft, { force: true })
      throw error
    }
  }
  try {
    await write(mine)
  } catch (error) {
    mutex.close()
    throw error
  }
  held.add(mutex)
  return {
    token: mine.token,
    announce: (url) => write({ ...mine, url }),
    async release() {
      // After the release, the file belongs to the next holder.
      if (!held.delete(mutex)) return
      await rm(file, { force: true })
      mutex.close()
    },
  }
}

function lockMutex(directory: string): DatabaseSync {
  let mutex: DatabaseSync | undefined
  try {
    mutex = new DatabaseSync(mutexFile(directory))
    // Nothing is ever written, so no journal is needed.
    mutex.exec('pragma journal_mode = memory; begin exclusive')
    return mutex
  } catch (error) {
    mutex?.close()
    if (isBusy(error)) throw new DataDirectoryInUseError(directory, readHolder(directory))
    throw new UnusableDatabaseError(
      `the data directory ${directory} cannot be locked (${error instanceof Error ? error.message : String(error)}): make it writable for the user that runs the server, and put it on a local disk`,
    )
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy
}

function readHolder(directory: string): LockHolder | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(holderFile(directory), 'utf8'))
    return isHolder(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isHolder(value: unknown): value is LockHolder {
  if (typeof value !== 'object' || value === null) return false
  return 'pid' in value && typeof value.pid === 'number' && 'host' in value && 'token' in value
}
