import { readFileSync } from 'node:fs'
import postgres from 'postgres'

const lookEveryMs = 50
/** The unit of `/proc/PID/stat`: Linux counts hundredths of a second. */
const ticksPerS = 100

/**
 * CPU time of processes on this machine while they run, in seconds: of a program, and of database backends that started
 * after it. Undefined if the machine does not report it.
 */
export class CpuWatch {
  readonly #before = new Set<number>()
  readonly #seen = new Map<number, number>()
  readonly #timer: NodeJS.Timeout
  readonly #sql: postgres.Sql | undefined
  #looking: Promise<void> = Promise.resolve()

  private constructor(sql: postgres.Sql | undefined, pid: number) {
    this.#sql = sql
    this.#timer = setInterval(() => {
      this.#look(pid)
      this.#looking = this.#looking.then(() => this.#lookAtBackends())
    }, lookEveryMs)
  }

  /** @param databaseUrl undefined if the database is embedded in the program. */
  static async of(pid: number, databaseUrl: string | undefined): Promise<CpuWatch> {
    const sql = databaseUrl === undefined ? undefined : postgres(databaseUrl, { max: 1, onnotice: () => undefined })
    const watch = new CpuWatch(sql, pid)
    for (const backend of await watch.#backends()) watch.#before.add(backend)
    return watch
  }

  async end(): Promise<number | undefined> {
    clearInterval(this.#timer)
    await this.#looking
    await this.#sql?.end()
    return this.#seen.size === 0 ? undefined : [...this.#seen.values()].reduce((sum, seconds) => sum + seconds, 0)
  }

  async #lookAtBackends(): Promise<void> {
    for (const backend of await this.#backends()) if (!this.#before.has(backend)) this.#look(backend)
  }

  async #backends(): Promise<number[]> {
    if (this.#sql === undefined) return []
    const rows = await this.#sql<{ pid: number }[]>`select pid from pg_stat_activity where datname = current_database()`
    return rows.map(({ pid }) => pid)
  }

  #look(pid: number): void {
    const seconds = cpuOf(pid)
    if (seconds !== undefined) this.#seen.set(pid, seconds)
  }
}

/**
 * CPU time of a process on this machine so far, in seconds; undefined if it has ended, or the machine does not report
 * it.
 */
export function cpuOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number)
    return user === undefined || system === undefined ? undefined : (user + system) / ticksPerS
  } catch {
    return undefined
  }
}
