import type { Database } from '@stagewatch/db/database.ts'
import { orderAcknowledgementsQueue } from '@stagewatch/server/alerts/acknowledge-order.ts'
import { AlertRules } from '@stagewatch/server/alerts/alert-rules.ts'
import { alertSender } from '@stagewatch/server/alerts/alert-sender.ts'
import { AlertWatch } from '@stagewatch/server/alerts/alert-watch.ts'
import type { HandingOver } from '@stagewatch/server/alerts/hand-over.ts'
import { describeAlert } from '@stagewatch/server/alerts/list-alerts.ts'
import { MeasureWatch } from '@stagewatch/server/alerts/measure-watch.ts'
import { stepsQueue } from '@stagewatch/server/alerts/take-step.ts'
import { handOversQueue } from '@stagewatch/server/alerts/tell-about-hand-over.ts'
import { messagesQueue } from '@stagewatch/server/alerts/tell-receivers.ts'
import type { AlertSender } from '@stagewatch/server/alerts/tell-receivers.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { JobWorker } from '@stagewatch/server/platform/jobs.ts'
import { SiteRegistry } from '@stagewatch/server/sites/site-registry.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import type { AlertDetail } from '@stagewatch/shared/contract/alerts.ts'
import type { AlertRuleRequest } from '@stagewatch/shared/contract/alert-rules.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import type { EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'

export const [minuteMs, hourMs] = [60_000, 3_600_000]
export const beginAt = Date.UTC(2026, 10, 23)
export const stepMinutes = 5
export const stageName = { zh: '拣货', en: 'Picking' }
const author = { kind: 'operator', name: 'operator', site: 'main' } as const

/** A server instance that listens on no port. */
interface Instance {
  readonly sites: SiteRegistry
  readonly site: SitePipeline
  readonly watch: AlertWatch
  /** Runs the background work of one second. */
  readonly work: () => Promise<void>
}

/** Server instances on one database, with a clock that the test advances. */
export class AlertWorld {
  readonly database: Database
  clock = new VirtualClock(beginAt)
  instances: Instance[] = []
  /** The notifications that were sent: receiver, orders, and minutes since the start of the test. */
  told: string[] = []
  quietUntil: number | undefined
  /** Whether messages are delivered to the configured channels. */
  sendsReally = false

  constructor(database: Database) {
    this.database = database
  }

  begin(): void {
    this.clock = new VirtualClock(beginAt)
    this.instances = []
    this.told = []
    this.quietUntil = undefined
    this.sendsReally = false
  }

  async end(): Promise<void> {
    for (const { sites } of this.instances) await sites.close()
    const ofPeople = ['messages', 'channels', 'departments', 'memberships', 'users']
    for (const table of ['alert_rules', 'message_texts', ...ofPeople, 'jobs', 'visits', 'orders', 'events'])
      await this.database.query(`delete from ${table}`)
  }

  async startInstance(origin: string): Promise<Instance> {
    const { database, clock } = this
    const sites = await SiteRegistry.open({
      database,
      clock,
      origin,
      deltas: { delta: () => undefined },
      failed: (error): never => {
        throw error
      },
    })
    const watch = new AlertWatch({ database, clock, sites })
    const measures = new MeasureWatch({ database, clock, sites })
    const steps = new JobWorker(database, clock, stepsQueue({ database, clock, sites }))
    const sender = this.sendsReally ? alertSender({ sites, clock }) : this.#notingSender()
    const messages = new JobWorker(database, clock, messagesQueue({ database, clock, sender }))
    const handOvers = new JobWorker(database, clock, handOversQueue({ database, clock, sites }))
    const orders = new JobWorker(database, clock, orderAcknowledgementsQueue({ database, clock, sites }))
    const work = async () => {
      await watch.catchUp()
      await measures.look()
      await steps.runDue()
      await messages.runDue()
      await handOvers.runDue()
      await orders.runDue()
    }
    const instance = { sites, site: await sites.get('main'), watch, work }
    this.instances.push(instance)
    return instance
  }

  #notingSender(): AlertSender {
    return {
      send: (_tx, _site, receiver, messages) => {
        for (const { kind, notices } of messages) {
          // Jobs that are due at the same time run concurrently, in no defined order.
          const orders = notices.map(({ order }) => order).toSorted()
          this.told.push(`${receiver} ${kind} ${orders.join(' ')} @${(this.clock.now() - beginAt) / minuteMs}`)
        }
        return Promise.resolve()
      },
      mayBeTold: () => Promise.resolve(() => true),
      quiet: () => Promise.resolve(this.quietUntil === undefined ? {} : { quietUntil: this.quietUntil }),
    }
  }

  /** Advances the clock by some minutes on all instances. */
  async letPass(minutes: number): Promise<void> {
    for (let passed = 0; passed < minutes; passed += stepMinutes) {
      this.clock.advanceTo(this.clock.now() + stepMinutes * minuteMs)
      for (const { work } of this.instances) await work()
    }
  }

  async createRule(change: Partial<AlertRuleRequest> = {}): Promise<void> {
    await new AlertRules(this.database, this.clock).create(ruleWith(change), author)
    for (const { watch } of this.instances) watch.rulesChanged('main')
    for (const { work } of this.instances) await work()
  }

  /** Adds a member of the site, whose name is their id and "wei". */
  async addPerson(id: string, role: string, departments: readonly string[] | null): Promise<void> {
    const { database } = this
    const person = [id, `${id} wei`, `${id}@example.com`]
    await database.query(`insert into users (id, name, email) values ($1, $2, $3)`, person)
    await database.query(`insert into memberships (site, user_id, role, departments) values ('main', $1, $2, $3)`, [
      id,
      role,
      departments,
    ])
  }

  /** What a person needs to act on alerts, on the first instance. */
  actingAs(id: string): HandingOver {
    const pipeline = this.instances[0]?.site
    if (pipeline === undefined) throw new Error('no instance is running')
    return {
      database: this.database,
      site: 'main',
      engine: pipeline.engine,
      pipeline,
      caller: { kind: 'person', id, name: `${id}@example.com` },
      personName: `${id} wei`,
      showsPeople: true,
    }
  }

  /** Id of the first alert. */
  async alertId(): Promise<number> {
    const [row] = await this.database.query<{ id: number }>('select id::int as id from alerts order by id limit 1')
    if (row === undefined) throw new Error('there is no alert')
    return row.id
  }

  /** The first alert as a person sees it. */
  async alertAs(personId: string, people: 'shown' | 'team' = 'shown'): Promise<AlertDetail> {
    const { database, site, engine } = this.actingAs(personId)
    const audience = { departments: undefined, privacy: { ...openPrivacy, people } }
    return describeAlert({ database, site, engine, audience, personId }, await this.alertId(), this.clock.now())
  }

  /** The acknowledgements of orders in the log; times are in minutes since the start of the test. */
  acknowledgements() {
    return this.database.query<{ actor: string; person: string; minute: number }>(`
      select actor, data->>'personId' as person,
        ((extract(epoch from occurred_at) * 1000 - ${beginAt}) / 60000)::float8 as minute
      from events where type = 'order.acknowledged' order by position`)
  }

  /** All alerts; times are in minutes since the start of the test. */
  alertRows() {
    return this.database.query<{ order: string; minute: number; ended: number | null; silent: boolean }>(`
      select order_id as "order", ((extract(epoch from began_at) * 1000 - ${beginAt}) / 60000)::float8 as minute,
        ((extract(epoch from ended_at) * 1000 - ${beginAt}) / 60000)::float8 as ended, is_silent as silent
      from alerts order by began_at, order_id`)
  }
}

function ruleWith(change: Partial<AlertRuleRequest>): AlertRuleRequest {
  return {
    name: 'Overdue',
    severity: 'warning',
    enabled: true,
    makesTask: false,
    condition: { kind: 'target', ratio: 1 },
    scope: {},
    ladder: [
      { afterMs: 0, to: [{ kind: 'channel', id: 'floor' }] },
      { afterMs: 30 * minuteMs, to: [{ kind: 'channel', id: 'lead' }] },
    ],
    acknowledgedForMs: 2 * hourMs,
    mergeMs: 0,
    ...change,
  }
}

export async function setTarget(site: SitePipeline, targetMs: number): Promise<void> {
  const stage = { code: 'picking', name: stageName, targetMs, warnAtRatio: 0.8, toleranceRatio: 0.1 }
  await site.saveProcess({ code: 'default', name: stageName, stages: [stage], acceptsNewStages: true, goals: {} })
}

let ids = 0

export function event(order: string, type: EventType, minute: number, rest: Partial<OrderEvent> = {}): OrderEvent {
  return { source: 'test', id: `e${ids++}`, type, order, occurredAt: beginAt + minute * minuteMs, data: {}, ...rest }
}

export function entered(order: string, minute: number, stage = 'picking', data = {}): OrderEvent {
  return event(order, 'stage.entered', minute, { stage, data })
}
