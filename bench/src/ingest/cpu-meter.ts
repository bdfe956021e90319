import postgres from 'postgres'
import { cpuOf } from '../import/cpu-watch.ts'

/** CPU time of a server and of its database backends, both on this machine. */
export class CpuMeter {
  readonly #pid: number
  readonly #sql: postgres.Sql | undefined

  /** @param databaseUrl undefined if the database is embedded in the server. */
  constructor(pid: number, databaseUrl: string | undefined) {
    this.#pid = pid
    this.#sql = databaseUrl === undefined ? undefined : postgres(databaseUrl, { max: 1, onnotice: () => undefined })
  }

  /** CPU time of `work` in seconds. @throws Error if the machine does not report it. */
  async of<T>(
    work: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly server: number; readonly backends: number }> {
    const before = await this.#read()
    const result = await work()
    const after = await this.#read()
    const grown = (pid: number) => (after.get(pid) ?? 0) - (before.get(pid) ?? 0)
    const backends = [...after.keys()].filter((pid) => pid !== this.#pid)
    return { result, server: grown(this.#pid), backends: backends.reduce((sum, pid) => sum + grown(pid), 0) }
  }

  async close(): Promise<void> {
    await this.#sql?.end()
  }

  async #read(): Promise<Map<number, number>> {
    const pids = [this.#pid, ...(await this.#backends())]
    return new Map(
      pids.map((pid) => {
        const seconds = cpuOf(pid)
        if (seconds === undefined) throw new Error('this machine does not tell the processor time of a process')
        return [pid, seconds]
      }),
    )
  }

  async #backends(): Promise<number[]> {
    if (this.#sql === undefined) return []
    const rows = await this.#sql<{ pid: number }[]>`
      select pid from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`
    return rows.map(({ pid }) => pid)
  }
}
