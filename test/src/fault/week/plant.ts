import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '@stagewatch/db/database.ts'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { webhookSecret } from '@stagewatch/shared/contract/webhooks.ts'
import { startReceiver } from '../../connections/webhook-receiver.ts'
import type { WebhookReceiver } from '../../connections/webhook-receiver.ts'
import { createKey } from '../../harness/create-key.ts'
import { eventuallyWithin } from '../../harness/eventually.ts'
import { freePort } from '../../harness/free-port.ts'
import { startNode } from '../../harness/node-process.ts'
import type { NodeProcess } from '../../harness/node-process.ts'
import { PostgresqlCluster } from '../../harness/postgresql-cluster.ts'
import { mountSmallDisk } from '../../harness/small-disk.ts'
import type { SmallDisk } from '../../harness/small-disk.ts'
import { openTcpProxy } from '../../harness/tcp-proxy.ts'
import type { TcpProxy } from '../../harness/tcp-proxy.ts'
import { call } from '../../http/call.ts'
import type { Simulation } from './simulated-time.ts'
import { process as plannedProcess } from './week-plan.ts'
import type { FaultKind } from './week-plan.ts'

const secondMs = 1_000
const readyWithinMs = 120 * secondMs
/** How long a fault lasts by the clock of this machine. */
const faultMs = 4 * secondMs
const diskBytes = 512 * 1_048_576

/** A server that is started again when it has ended, like by a service manager. */
interface PlantServer {
  readonly url: string
  readonly proxy: TcpProxy
  running: NodeProcess
  startedAt: number
}

/** Two servers on a database of their own, whose log is on a disk of its own, and everything that can fail in it. */
export class Plant {
  readonly database: Database
  readonly receiver: WebhookReceiver
  readonly key: string
  readonly servers: readonly PlantServer[]
  readonly #start: (index: number) => Promise<NodeProcess>
  readonly #cluster: PostgresqlCluster
  readonly #disk: SmallDisk
  readonly #uploads: string
  #isClosing = false

  private constructor(
    parts: Pick<Plant, 'database' | 'receiver' | 'key' | 'servers'>,
    hidden: {
      readonly start: (index: number) => Promise<NodeProcess>
      readonly cluster: PostgresqlCluster
      readonly disk: SmallDisk
      readonly uploads: string
    },
  ) {
    this.database = parts.database
    this.receiver = parts.receiver
    this.key = parts.key
    this.servers = parts.servers
    this.#start = hidden.start
    this.#cluster = hidden.cluster
    this.#disk = hidden.disk
    this.#uploads = hidden.uploads
  }

  /** @param owner user id of PostgreSQL. */
  static async open(simulation: Simulation, programs: string, owner: number): Promise<Plant> {
    const cluster = await PostgresqlCluster.create(programs)
    const disk = await mountSmallDisk(diskBytes, owner)
    await cluster.sql(`create tablespace log_disk location '${disk.directory}'`)
    const databaseUrl = `postgres://postgres@${cluster.host}/postgres`
    const uploads = await mkdtemp(join(tmpdir(), 'stagewatch-week-'))
    const proxies = [await openTcpProxy(cluster.port), await openTcpProxy(cluster.port)]
    const ports = [await freePort(), await freePort()]
    const start = (index: number): Promise<NodeProcess> => {
      const proxy = proxies[index]
      if (proxy === undefined) throw new Error(`there is no server ${index}`)
      return startNode(
        'test/src/fault/week/week-server.ts',
        [],
        {
          PORT: String(ports[index]),
          DATABASE_URL: `postgres://postgres@127.0.0.1:${proxy.port}/postgres`,
          UPLOAD_DIR: uploads,
          WEBHOOK_PRIVATE_NETWORKS: 'on',
          SECRETS_KEY: Buffer.alloc(32, 6).toString('base64'),
          SIMULATION: JSON.stringify(simulation),
        },
        'sources',
      )
    }
    const servers: PlantServer[] = []
    for (const [index, proxy] of proxies.entries()) {
      const url = `http://127.0.0.1:${ports[index]}`
      servers.push({ url, proxy, running: await start(index), startedAt: performance.now() })
      await untilReady(url)
    }
    const database = openPostgresql(databaseUrl)
    const receiver = await startReceiver()
    const key = await createKey({ DATABASE_URL: databaseUrl }, 'ingest,admin,read')
    const plant = new Plant({ database, receiver, key, servers }, { start, cluster, disk, uploads })
    await plant.#prepare()
    return plant
  }

  /** Carries out a fault and resolves when the plant could work again. */
  async fail(kind: FaultKind, index: 0 | 1): Promise<void> {
    const server = this.#server(index)
    switch (kind) {
      case 'kill server':
        return this.#restart(index, 'SIGKILL')
      case 'restart server':
        return this.#restart(index, 'SIGTERM')
      case 'kill database':
        await this.#cluster.kill()
        return this.#cluster.start()
      case 'fill disk':
        await this.#disk.leave(0)
        await delay(faultMs)
        return this.#disk.enlarge()
      case 'set clock':
        server.running.child.kill('SIGUSR2')
        await delay(faultMs)
        server.running.child.kill('SIGUSR2')
        return undefined
      case 'pause network':
        server.proxy.swallow()
        await delay(faultMs)
        server.proxy.cut()
        return undefined
    }
  }

  /** Resident memory of a server, bytes, and how long it has been running, ms. */
  async memoryOf(server: PlantServer): Promise<{ readonly rssBytes: number; readonly uptimeMs: number }> {
    const status = await readFile(`/proc/${server.running.child.pid}/status`, 'utf8')
    const kilobytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1])
    return { rssBytes: kilobytes * 1_024, uptimeMs: performance.now() - server.startedAt }
  }

  async close(): Promise<void> {
    this.#isClosing = true
    for (const { running, proxy } of this.servers) {
      running.child.kill('SIGKILL')
      await running.ended
      await proxy.close()
    }
    this.receiver.close()
    await this.database.close()
    await this.#cluster.remove()
    await this.#disk.close()
    await rm(this.#uploads, { recursive: true, force: true })
  }

  async #prepare(): Promise<void> {
    const saved = await this.#ask('admin/processes/default', plannedProcess, 'PUT')
    if (saved.status !== 200) throw new Error(JSON.stringify(saved.body))
    const request = { name: 'ERP', url: this.receiver.url, events: ['order.overdue'] }
    webhookSecret.parse((await this.#ask('webhooks', request)).body)
    // Like a table that somebody moved while the servers run: they wait for its lock.
    await this.database.longRunning.query('alter table events set tablespace log_disk')
  }

  #server(index: number): PlantServer {
    const server = this.servers[index]
    if (server === undefined) throw new Error(`there is no server ${index}`)
    return server
  }

  #ask(path: string, body: unknown, method = 'POST') {
    return call(`${this.#server(0).url}/api/v1/${path}`, { key: this.key, method, body })
  }

  async #restart(index: 0 | 1, signal: NodeJS.Signals): Promise<void> {
    const server = this.#server(index)
    server.running.child.kill(signal)
    const { code, stderr } = await server.running.ended
    if (signal === 'SIGTERM' && code !== 0) throw new Error(`the server ended with ${code}: ${stderr}`)
    while (!this.#isClosing) {
      server.running = await this.#start(index)
      server.startedAt = performance.now()
      // It ends by itself if the database is away.
      const isReady = await Promise.race([
        untilReady(server.url).then(() => true),
        server.running.ended.then(() => false),
      ])
      if (isReady) return
      await delay(secondMs)
    }
  }
}

async function untilReady(url: string): Promise<void> {
  await eventuallyWithin(readyWithinMs, async () => {
    const { status } = await fetch(`${url}/readyz?${randomUUID()}`)
    if (status !== 200) throw new Error(`${url} answers ${status} to /readyz`)
  })
}
