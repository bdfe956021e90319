import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Who holds a data directory, and how a command reaches it. */
export interface LockHolder {
  readonly pid: number
  /** Start time of that process as the system tells it, so that a reused pid is not mistaken for it. */
  readonly startedAt: string
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

/** Another process has the data directory open. */
export class DataDirectoryInUseError extends Error {
  override readonly name = 'DataDirectoryInUseError'
  readonly holder: LockHolder

  constructor(directory: string, holder: LockHolder) {
    const where = holder.url === undefined ? '' : `, serving on ${holder.url}`
    super(`the data directory ${directory} is in use by process ${holder.pid}${where}`)
    this.holder = holder
  }
}

const lockFile = (directory: string) => join(directory, 'stagewatch.lock')

/**
 * Makes this process the only one that opens the directory's database. Two processes on the same embedded files
 * would destroy them. A lock whose process has died is taken over.
 * @throws DataDirectoryInUseError
 */
export async function lockDataDirectory(directory: string): Promise<DataDirectoryLock> {
  await mkdir(directory, { recursive: true })
  const file = lockFile(directory)
  const mine: LockHolder = {
    pid: process.pid,
    startedAt: processStart(process.pid) ?? '',
    token: randomBytes(32).toString('base64url'),
  }
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  await writeFile(draft, JSON.stringify(mine), { mode: 0o600 })
  try {
    await claim(directory, file, draft)
  } finally {
    await rm(draft, { force: true })
  }
  return {
    token: mine.token,
    async announce(url) {
      await writeFile(draft, JSON.stringify({ ...mine, url }), { mode: 0o600 })
      await rename(draft, file)
    },
    release: () => rm(file, { force: true }),
  }
}

/** `link` fails when the name exists: of two processes only one gets it. */
async function claim(directory: string, file: string, draft: string): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      await link(draft, file)
      return
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error
    }
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text === undefined) continue
    const holder = parseHolder(text)
    if (holder !== undefined && isAlive(holder)) throw new DataDirectoryInUseError(directory, holder)
    await removeStale(file, text)
  }
  throw new Error(`could not lock the data directory ${directory}`)
}

/** Moves the dead lock aside; if meanwhile another process had taken over, puts that one's lock back. */
async function removeStale(file: string, seen: string): Promise<void> {
  const aside = `${file}.stale.${randomBytes(4).toString('hex')}`
  try {
    await rename(file, aside)
  } catch {
    return
  }
  const moved = await readFile(aside, 'utf8')
  if (moved !== seen) await link(aside, file).catch(() => undefined)
  await rm(aside, { force: true })
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isHolder(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isHolder(value: unknown): value is LockHolder {
  return (
    typeof value === 'object' && value !== null && 'pid' in value && typeof value.pid === 'number' && 'token' in value
  )
}

function isAlive(holder: LockHolder): boolean {
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    return isCode(error, 'EPERM')
  }
  const startedAt = processStart(holder.pid)
  return startedAt === undefined || holder.startedAt === '' || startedAt === holder.startedAt
}

/** Field 22 of /proc/PID/stat, counted behind the name, which may hold blanks; undefined where there is no /proc. */
function processStart(pid: number): string | undefined {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return undefined
  try {
    const stat = readFileSync(file, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
