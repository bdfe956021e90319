import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'

const run = promisify(execFile)
const installations = '/usr/lib/postgresql'
const isRoot = process.getuid?.() === 0

/** Where the newest PostgreSQL of this machine has its programs; undefined: a server cannot be started here. */
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

/** A PostgreSQL server of the test's own, which may be broken; the machine's own is never touched. */
export class PostgresqlCluster {
  readonly port: number
  readonly directory: string
  readonly #programs: string

  private constructor(programs: string, directory: string, port: number) {
    this.#programs = programs
    this.directory = directory
    this.port = port
  }

  /** A fresh one, running. */
  static async create(programs: string): Promise<PostgresqlCluster> {
    const cluster = await PostgresqlCluster.#empty(programs)
    await cluster.#program('initdb', ['-D', cluster.data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8'])
    await cluster.start()
    return cluster
  }

  /** A copy that follows this one and that each commit here waits for. */
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
    // What dies is processes and not the machine, whose memory keeps what was written.
    const settings = ['listen_addresses=127.0.0.1', 'shared_buffers=32MB', 'fsync=off'].map((each) => `-c ${each}`)
    const options = `-p ${this.port} -k ${this.directory} ${settings.join(' ')}`
    const log = join(this.directory, 'log')
    await this.#program('pg_ctl', ['-D', this.data, '-l', log, '-o', options, '-w', '-t', '60', 'start'])
  }

  /** SIGKILL for every process of it at once, as when the machine dies. */
  async kill(): Promise<void> {
    const text = await readFile(join(this.data, 'postmaster.pid'), 'utf8').catch(() => '')
    const postmaster = Number(text.split('\n')[0])
    if (!(postmaster > 0) || !text.includes(this.data)) return
    const children = await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').catch(() => '')
    for (const pid of [postmaster, ...children.trim().split(' ').filter(Boolean).map(Number)]) killOne(pid)
    await rm(join(this.data, 'postmaster.pid'), { force: true })
  }

  /** The standby becomes the primary. */
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

/** Its output is not kept open by the server that it starts, which writes to a file. */
function runAs(program: string, args: readonly string[]): Promise<unknown> {
  return isRoot ? run('runuser', ['-u', 'postgres', '--', program, ...args], { cwd: '/' }) : run(program, [...args])
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It had ended.
  }
}
