import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { UnusableDatabaseError } from './unusable-database.ts'

/** Who holds a data directory, and how a command reaches it. */
export interface LockHolder {
  /** As the holder knows itself: in a container another one than outside. */
  readonly pid: number
  readonly host: string
  /** Where the holder serves, once it does. */
  readonly url?: string
  /** What a command on this machine proves itself with; the file is readable by its owner only. */
  readonly token: string
}

export interface DataDirectoryLock {
  readonly token: string
  /** Tells commands where the running server is. */
  announce(url: string): Promise<void>
  release(): Promise<void>
}

/** Another server instance or a command has the data directory open. */
export class DataDirectoryInUseError extends Error {
  override readonly name = 'DataDirectoryInUseError'
  /** Undefined: the holder has not said yet who it is. */
  readonly holder: LockHolder | undefined

  constructor(directory: string, holder: LockHolder | undefined) {
    const who = holder === undefined ? 'a process that is starting' : `process ${holder.pid}`
    const elsewhere = holder === undefined || holder.host === hostname() ? '' : ` on ${holder.host}`
    const where = holder?.url === undefined ? '' : `, serving on ${holder.url}`
    super(`the data directory ${directory} is in use by ${who}${elsewhere}${where}`)
    this.holder = holder
  }
}

/** Says who holds the directory. It decides nothing, so one that was left behind or copied does no harm. */
const holderFile = (directory: string) => join(directory, 'stagewatch.lock')
/** What is locked. It stays: whoever removed it could take it away from under somebody who has just locked it. */
const mutexFile = (directory: string) => join(directory, 'stagewatch.mutex')

const sqliteBusy = 5

/** A connection that nothing refers to would be collected, and its lock with it. */
const held = new Set<DatabaseSync>()

/**
 * Makes this process the only one that opens the directory's database. Two processes on the same embedded files would
 * destroy them.
 *
 * The lock is one of the operating system (through SQLite, which has it on every platform). The kernel frees it at the
 * moment at which its holder dies, however it dies, so nobody waits after `kill -9`; a holder that hangs keeps it; and
 * it holds between containers that share a volume, where process numbers mean nothing.
 * @throws DataDirectoryInUseError, or UnusableDatabaseError when the file system has no locks.
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
      // Once it is let go, the file is the next holder's.
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
    // Nothing is ever written, so there is no journal to keep.
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
