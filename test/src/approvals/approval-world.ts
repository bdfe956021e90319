import type { Database } from '@stagewatch/db/database.ts'
import { actOnApproval } from '@stagewatch/server/approvals/act-on-approval.ts'
import { Approvals } from '@stagewatch/server/approvals/approvals.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { SiteRegistry } from '@stagewatch/server/sites/site-registry.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import type { ApprovalActionRequest } from '@stagewatch/shared/contract/approvals.ts'
import type { ApprovalFlow } from '@stagewatch/shared/domain/approvals/approval-flow.ts'
import type { EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { eventually } from '../harness/eventually.ts'

export const beginAt = Date.UTC(2026, 10, 23, 1)
export const [minuteMs, hourMs] = [60_000, 3_600_000]

interface Instance {
  readonly sites: SiteRegistry
  readonly site: SitePipeline
  readonly approvals: Approvals
}

/** Server instances on one database, with a manually advanced clock. */
export class ApprovalWorld {
  readonly database: Database
  clock = new VirtualClock(beginAt)
  instances: Instance[] = []
  #events = 0

  constructor(database: Database) {
    this.database = database
  }

  async startInstance(origin = 'a'): Promise<Instance> {
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
    const approvals = new Approvals({ database, clock, sites })
    // The consumer receives the events from here on.
    await approvals.catchUp()
    const instance = { sites, site: await sites.get('main'), approvals }
    this.instances.push(instance)
    return instance
  }

  async end(): Promise<void> {
    for (const { sites } of this.instances) await sites.close()
    this.instances = []
    this.clock = new VirtualClock(beginAt)
    const tables = ['approvals', 'messages', 'channels', 'memberships', 'users', 'jobs', 'visits', 'orders', 'events']
    for (const table of [...tables, 'processes', 'process_drafts', 'log_consumers'])
      await this.database.query(`delete from ${table}`)
  }

  async addPerson(id: string, role = 'operator', departments: readonly string[] | null = null): Promise<void> {
    await this.database.query(`insert into users (id, name, email) values ($1, $2, $3)`, [
      id,
      id.toUpperCase(),
      `${id}@example.com`,
    ])
    await this.database.query(
      `insert into memberships (site, user_id, role, departments) values ('main', $1, $2, $3)`,
      [id, role, departments],
    )
  }

  event(order: string, type: EventType, minute: number, rest: Partial<OrderEvent> = {}): OrderEvent {
    const id = `e${(this.#events += 1)}`
    return { source: 'erp', id, type, order, occurredAt: beginAt + minute * minuteMs, data: {}, ...rest }
  }

  entered(order: string, stage: string, minute = 0, rest: Partial<OrderEvent> = {}): OrderEvent {
    return this.event(order, 'stage.entered', minute, { stage, ...rest })
  }

  /**
   * Runs the background work of all instances concurrently. PostgreSQL holds events back from a consumer while an
   * earlier transaction is open, so the work is repeated until all events have been handled.
   */
  async work(): Promise<void> {
    await eventually(async () => {
      await Promise.all(this.instances.map(({ approvals }) => approvals.work()))
      const [row] = await this.database.query<{ behind: number }>(`
        select count(*)::int as behind from events e join log_consumers c on c.name = 'approvals'
        where (e.tx, e.position) > (c.tx::xid8, c.position)`)
      if (row?.behind !== 0) throw new Error(`${row?.behind} events have not been handled yet`)
    })
  }

  async act(person: string, action: ApprovalActionRequest, of = 0, id?: number): Promise<void> {
    const instance = this.instances[of]
    if (instance === undefined) throw new Error('there is no such instance')
    const { site, approvals } = instance
    const author = { kind: 'person', name: `${person}@example.com`, site: 'main' } as const
    const acting = { database: this.database, pipeline: site, person, isManager: false, author, how: 'desk' } as const
    await actOnApproval(acting, id ?? (await this.approvals()).at(-1)?.id ?? 0, action, this.clock.now())
    await approvals.acted()
  }

  approvals(): Promise<{ id: number; order: string; outcome: string | null; automatic: boolean; waits: string[] }[]> {
    return this.database.query(`
      select id::float8 as id, order_id as "order", outcome, is_automatic as automatic, waiting_for as waits
      from approvals order by id`)
  }

  /** The events that approvals appended for an order. */
  outcomes(order: string): Promise<{ type: string; stage: string | null; reason: string | null }[]> {
    return this.database.query(
      `select type, stage, data->>'reason' as reason from events
       where order_id = $1 and source = 'desk' order by position`,
      [order],
    )
  }

  /** Recipients of notifications, once for each in-app message. */
  async told(): Promise<string[]> {
    const rows = await this.database.query<{ to: string }>(
      `select recipient as "to" from messages where channel_id = 'inbox' order by created_at, recipient`,
    )
    return rows.map(({ to }) => to)
  }

  async entries(): Promise<string[]> {
    const rows = await this.database.query<{ kind: string; by: string | null }>(
      'select kind, by_id as by from approval_entries order by id',
    )
    return rows.map(({ kind, by }) => (by === null ? kind : `${kind} ${by}`))
  }
}

/** A process with three stages: placed, approval, produced. */
export function approvedProcess(approval: ApprovalFlow): ProcessDefinition {
  const stages = [plainStage('placed'), { ...plainStage('approval'), approval }, plainStage('produced')]
  return { code: 'default', name: { en: 'Orders' }, stages, acceptsNewStages: true, goals: {} }
}
