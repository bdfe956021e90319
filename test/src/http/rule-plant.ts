import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { eventsAnswer } from '@stagewatch/shared/contract/event.ts'
import type { OrderDetail, OrderVisit } from '@stagewatch/shared/contract/orders.ts'
import { orderDetail } from '@stagewatch/shared/contract/orders.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessDefinition, StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from './call.ts'
import type { Reply } from './call.ts'
import { someEvent } from './some-event.ts'

export const hour = 3_600_000

/** A process with the stage `cut`, which has the given limits, and the final stage `done`. */
export function cutting(limits: Partial<StageDefinition>): ProcessDefinition {
  return {
    code: 'default',
    name: { zh: 'default', en: 'default' },
    stages: [
      { ...plainStage('cut'), ...limits },
      { ...plainStage('done'), terminal: true },
    ],
    acceptsNewStages: false,
    goals: {},
  }
}

/** A site on a server with a virtual clock. Times are written like `2026-06-01T08:00`, in Shanghai time. */
export class RulePlant {
  static #count = 0
  readonly site = `rules-${++RulePlant.#count}`
  readonly clock: VirtualClock
  readonly #database: Database
  readonly #ownsDatabase: boolean
  #server: StartedServer | undefined
  #key = ''

  private constructor(database: Database, ownsDatabase: boolean, time: string) {
    this.#database = database
    this.#ownsDatabase = ownsDatabase
    this.clock = new VirtualClock(instant(time))
  }

  /** @param database may be shared by plants with the same time: a server fills in the hours that a site missed. */
  static async open(time: string, database?: Database): Promise<RulePlant> {
    const plant = new RulePlant(database ?? (await openTestDatabase()), database === undefined, time)
    await plant.#start()
    plant.#key = await plant.server.createKey(['admin', 'ingest', 'read'], plant.site)
    return plant
  }

  get server(): StartedServer {
    if (this.#server === undefined) throw new Error('the plant is closed')
    return this.#server
  }

  /** Advances the clock. Weeks take long, because the server records every hour. */
  at(time: string): this {
    this.clock.advanceTo(instant(time))
    return this
  }

  ask(path: string): Promise<Reply> {
    return call(`${this.server.url}/api/v1/${path}`, { key: this.#key })
  }

  /** @param version of the edited object; by default any. */
  send(method: 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown, version = '*'): Promise<Reply> {
    const headers = { 'if-match': version }
    return call(`${this.server.url}/api/v1/${path}`, { key: this.#key, method, body, headers })
  }

  /** Saves something that must be accepted. */
  async put(path: string, body: unknown): Promise<void> {
    done(await this.send('PUT', `admin/${path}`, body))
  }

  happens(order: string, type: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    return this.happened(localTime(this.clock.now()), order, type, more)
  }

  async happened(
    time: string,
    order: string,
    type: string,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const occurredAt = `${time}:00+08:00`
    const event = someEvent({ source: this.site, order, type, stage: undefined, occurredAt, ...more })
    const { accepted } = eventsAnswer.parse(done(await this.send('POST', 'events', event)))
    if (accepted !== 1) throw new Error(`not accepted: ${JSON.stringify(event)}`)
  }

  async detail(order: string): Promise<OrderDetail> {
    return orderDetail.parse(done(await this.ask(`orders/${order}`)))
  }

  async visit(order: string): Promise<OrderVisit> {
    const [visit] = (await this.detail(order)).visits
    if (visit === undefined) throw new Error(`${order} has no visit`)
    return visit
  }

  /** When the open order is due: the same in the live engine and in the visit, which is computed on request. */
  async due(order: string): Promise<string | undefined> {
    const { dueAt, visits } = await this.detail(order)
    if (visits.at(-1)?.dueAt !== dueAt) throw new Error('the live engine and the visit are due at different times')
    return dueAt === undefined ? undefined : localTime(dueAt)
  }

  /** Starts a new server with the same database and time. */
  async restart(): Promise<void> {
    await this.#server?.close()
    await this.#start()
  }

  async close(): Promise<void> {
    await this.#server?.close()
    this.#server = undefined
    if (this.#ownsDatabase) await this.#database.close()
  }

  async #start(): Promise<void> {
    this.#server = await startServer({ database: this.#database, clock: this.clock })
  }
}

function done({ status, body }: Reply): unknown {
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body
}

export function instant(time: string): number {
  return Date.parse(`${time}+08:00`)
}

/** Shanghai time, such as `2026-06-01T08:00`. */
export function localTime(at: number): string {
  return new Date(at + 8 * hour).toISOString().slice(0, 16)
}
