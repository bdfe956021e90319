import type { Database } from '@stagewatch/db/database.ts'
import { boardOf, shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import { inSlices } from '@stagewatch/server/platform/in-slices.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import type { EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { openSite, submitEvents } from '../harness/open-site.ts'

export const minute = 60_000
export const hour = 60 * minute
export const nine = Date.parse('2026-11-20T09:00:00+08:00')

/** More steps than any change of the clock causes in a plant with a few orders. */
const mostSteps = 100

/** A site with the shipping process, a virtual clock, and the messages of its board. */
export class Plant {
  static #count = 0
  readonly clock = new VirtualClock(nine)
  readonly code = `plant-${++Plant.#count}`
  readonly sent: { readonly at: number; readonly delta: BoardDelta }[] = []
  readonly #database: Database
  #pipeline: SitePipeline | undefined

  get pipeline(): SitePipeline {
    if (this.#pipeline === undefined) throw new Error('the plant is not open')
    return this.#pipeline
  }

  constructor(database: Database) {
    this.#database = database
  }

  async open(): Promise<this> {
    const { clock, code: site, sent } = this
    const database = this.#database
    this.#pipeline = await openSite({ database, clock, site, send: (delta) => sent.push({ at: clock.now(), delta }) })
    await this.pipeline.saveProcess(shipping)
    this.pipeline.boards.find('overview')?.snapshot()
    return this
  }

  async happens(type: EventType, rest: Partial<OrderEvent> = {}): Promise<void> {
    const id = `${type} ${rest.order ?? 'SO-1'} ${rest.stage ?? ''} ${this.clock.now()}`
    const event = { source: 'wms', id, type, order: 'SO-1', occurredAt: this.clock.now(), data: {}, ...rest }
    await submitEvents(this.pipeline, [event])
  }

  /** Sets the clock and completes the work that this causes. */
  async set(instant: number): Promise<this> {
    this.clock.set(instant)
    // A waiting slice queues behind one of the work in progress, and each of those makes at least one step.
    for (let steps = 0; steps < mostSteps; steps++) await inSlices((function* nothingToDo() {})())
    return this.at(instant + 250)
  }

  at(instant: number): this {
    this.clock.advanceTo(instant)
    return this
  }

  /** The engine's counts, read without making it look at the clock. */
  counts(): { overdue: number; atRisk: number; soon: number; stalled: number; held: number } {
    const { kpis, stages } = boardOf(this.pipeline.engine, 'default', this.clock.now())
    const held = Object.values(stages).reduce((sum, stage) => sum + stage.held, 0)
    return {
      overdue: kpis.overdue.count,
      atRisk: kpis.atRisk.count,
      soon: kpis.atRisk.soon,
      stalled: kpis.stalled.count,
      held,
    }
  }

  /** Instants at which the board sent a change of this field of a KPI. */
  toldAt(kpi: string, field: string): number[] {
    return this.sent
      .filter(({ delta }) => delta.changes.some(({ path }) => path.join('.') === `kpis.${kpi}.${field}`))
      .map(({ at }) => at)
  }

  stageHours(): Promise<{ hour: string; stage: string; wip: number; overdue: number; missing: boolean }[]> {
    return this.#database.query(
      `select to_char(hour_at at time zone 'Asia/Shanghai', 'DD HH24:MI') as hour, stage, wip_count as wip,
         overdue_count as overdue, missing
       from stage_hours where site = $1 and stage = 'picking' order by hour_at`,
      [this.code],
    )
  }
}

export const nothing = { overdue: 0, atRisk: 0, soon: 0, stalled: 0, held: 0 }
