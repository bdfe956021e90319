import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'

const run = promisify(execFile)
const installations = '/usr/lib/postgresql'
/** Maximum length of the log in an error about a server that does not start, characters. */
const maxLog = 2_000
const isRoot = process.getuid?.() === 0

/** Folder of the newest PostgreSQL programs on this machine; undefined if a server cannot be started here. */
export async function findPostgresqlPrograms(): Promise<string | undefined> {
  const versions = existsSync(installations) ? await readdir(installations) : []
  const [newest] = versions.map(Number).toSorted((a, b) => b - a)
  const programs = join(installations, String(newest), 'bin')
  if (!existsSync(join(programs, 'pg_basebackup')) || !existsSync(join(programs, 'initdb'))) return undefined
  // The server refuses to run as root.
  return isRoot
    ? await run('runuser', ['-u', 'postgres', '--', 'true']).then(
        () => programs,
        () => undefined,
      )
    : programs
}

/** A PostgreSQL server for a single test, which may break it; the machine's own server is never touched. */
export class PostgresqlCluster {
  readonly port: number
  readonly directory: string
  readonly #programs: string

  private constructor(programs: string, directory: string, port: number) {
    this.#programs = programs
    this.directory = directory
    this.port = port
  }

  /** Creates and starts a fresh server. */
  static async create(programs: string): Promise<PostgresqlCluster> {
    const cluster = await PostgresqlCluster.#empty(programs)
    await cluster.#program('initdb', ['-D', cluster.data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8'])
    await cluster.start()
    return cluster
  }

  /** A standby that replicates this server; each commit here waits for it. */
  async addSynchronousStandby(): Promise<PostgresqlCluster> {
    const standby = await PostgresqlCluster.#empty(this.#programs)
    const from = `host=127.0.0.1 port=${this.port} user=postgres application_name=standby`
    await standby.#program('pg_basebackup', ['-d', from, '-D', standby.data, '-R', '-X', 'stream', '-c', 'fast', '-N'])
    await standby.start()
    await this.sql(`alter system set synchronous_standby_names = 'standby'`)
    await this.sql('select pg_reload_conf()')
    const isSynchronous = `select 1 / count(*) from pg_stat_replication where sync_state = 'sync'`
    await this.#untilTrue(isSynchronous)
    return standby
  }

  static async #empty(programs: string): Promise<PostgresqlCluster> {
    const directory = await mkdtemp(join(tmpdir(), 'stagewatch-pg-'))
    await chmod(directory, 0o700)
    if (isRoot) await run('chown', ['postgres', directory])
    return new PostgresqlCluster(programs, directory, await freePort())
  }

  get data(): string {
    return join(this.directory, 'data')
  }

  get host(): string {
    return `127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    // Tests kill processes, not the machine: the operating system keeps what was written.
    const settings = ['listen_addresses=127.0.0.1', 'shared_buffers=32MB', 'fsync=off'].map((each) => `-c ${each}`)
    const options = `-p ${this.port} -k ${this.directory} ${settings.join(' ')}`
    const log = join(this.directory, 'log')
    try {
      await this.#program('pg_ctl', ['-D', this.data, '-l', log, '-o', options, '-w', '-t', '60', 'start'])
    } catch (error) {
      throw new Error((await readFile(log, 'utf8')).slice(-maxLog), { cause: error })
    }
  }

  /** Sends SIGKILL to all of its processes at once, as if the machine died; resolves when all are gone. */
  async kill(): Promise<void> {
    const text = await readFile(join(this.data, 'postmaster.pid'), 'utf8').catch(() => '')
    const postmaster = Number(text.split('\n')[0])
    if (!(postmaster > 0) || !text.includes(this.data)) return
    const children = await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').catch(() => '')
    const all = [postmaster, ...children.trim().split(' ').filter(Boolean).map(Number)]
    for (const pid of all) killOne(pid)
    // A process that still holds the shared memory prevents the server from starting again.
    await eventually(async () => {
      const states = await Promise.all(all.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')))
      if (states.some((state) => state !== '' && !state.includes(') Z '))) throw new Error('it is still running')
    })
    // As after a reboot: a dead process that was not reaped yet still occupies its process id.
    for (const lock of [join(this.data, 'postmaster.pid'), join(this.directory, `.s.PGSQL.${this.port}.lock`)])
      await rm(lock, { force: true })
  }

  /** Promotes the standby to primary. */
  async promote(): Promise<void> {
    await this.#program('pg_ctl', ['-D', this.data, '-w', 'promote'])
  }

  async sql(statement: string, database = 'postgres'): Promise<string> {
    const connection = `host=127.0.0.1 port=${this.port} user=postgres dbname=${database}`
    const { stdout } = await run(join(this.#programs, 'psql'), ['-X', '-At', '-d', connection, '-c', statement])
    return stdout.trim()
  }

  async remove(): Promise<void> {
    await this.kill()
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 })
  }

  async #untilTrue(statement: string): Promise<void> {
    for (let attempt = 0; attempt < 300; attempt++) {
      try {
        await this.sql(statement)
        return
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
    throw new Error(`never true: ${statement}`)
  }

  #program(name: string, args: readonly string[]): Promise<unknown> {
    return runAs(join(this.#programs, name), args)
  }
}

/** The server that it starts does not keep the output open, because it writes to a file. */
function runAs(program: string, args: readonly string[]): Promise<unknown> {
  return isRoot ? run('runuser', ['-u', 'postgres', '--', program, ...args], { cwd: '/' }) : run(program, [...args])
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // The process had ended already.
  }
}
