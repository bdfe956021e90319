import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { isFinished } from '@stagewatch/shared/domain/stage-visit.ts'
import type { FinishedVisit, StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import type { Completion } from './completions.ts'
import { Dictionary } from './dictionary.ts'
import { breachWithin, isCountedAs, markEnded } from './counted-visit.ts'
import type { CountedVisit } from './counted-visit.ts'
import { arrivedAt } from './engine-order.ts'
import type { EngineOrder } from './engine-order.ts'
import { OpenVisits } from './open-visits.ts'
import { ProcessLedger } from './process-ledger.ts'
import { StageHours } from './stage-hours.ts'
import { StageLedger } from './stage-ledger.ts'
import type { VisitRow } from './visit-columns.ts'
import { VisitStore } from './visit-store.ts'

/**
 * What the screens and the queries of one site need, in memory: every order counted in, so that it can be counted
 * out again when its events say something else. It owns no truth and is rebuilt from the database at start; it does
 * no I/O and is told what time it is.
 */
export class LiveEngine {
  readonly days: LocalDays
  readonly open = new OpenVisits()
  readonly finished = new VisitStore()
  readonly hours = new StageHours()
  readonly orderIds = new Dictionary()
  readonly departments = new Dictionary()
  readonly customers = new Dictionary()
  readonly products = new Dictionary()
  readonly #processes = new Map<string, ProcessLedger>()
  readonly #stages: StageLedger[] = []
  readonly #orders = new Map<string, EngineOrder>()
  /** Orders whose every event was taken back, with how many events that took. */
  readonly #takenBack = new Map<string, number>()
  #eventCount = 0

  /** @param timeZone IANA zone in which the site's days begin. */
  constructor(timeZone: string) {
    this.days = new LocalDays(timeZone)
  }

  /** Events of the orders that are counted in. */
  get eventCount(): number {
    return this.#eventCount
  }

  get orderCount(): number {
    return this.#orders.size
  }

  processes(): Iterable<ProcessLedger> {
    return this.#processes.values()
  }

  process(code: string): ProcessLedger | undefined {
    return this.#processes.get(code)
  }

  /** The stages of all processes. */
  stages(): readonly StageLedger[] {
    return this.#stages
  }

  /** @throws RangeError when no stage has this number. */
  stage(index: number): StageLedger {
    const stage = this.#stages[index]
    if (stage === undefined) throw new RangeError(`no stage has the number ${index}`)
    return stage
  }

  /** Every order counted in. One that changes keeps its place, so that a walk may pause. */
  orders(): Iterable<EngineOrder> {
    return this.#orders.values()
  }

  order(order: string): EngineOrder | undefined {
    return this.#orders.get(order)
  }

  /** Process of an order that has been counted in. */
  processOf(order: string): string | undefined {
    return this.#orders.get(order)?.process.definition.code
  }

  /** Takes a new or changed process; its orders are judged again when a stage has another limit. */
  setProcess(definition: ProcessDefinition, now: number): void {
    const ledger = this.#processes.get(definition.code)
    if (ledger === undefined) {
      const process = new ProcessLedger(definition)
      this.#define(process, definition)
      this.#processes.set(definition.code, process)
      return
    }
    // Most changes only add stages, one with each event that names a new one.
    const judged = hasOtherLimits(ledger, definition)
    const orders = judged ? [...this.#orders.values()].filter((order) => order.process === ledger) : []
    for (const order of orders) this.#uncount(order)
    this.#define(ledger, definition)
    for (const { state, eventCount } of orders)
      this.#orders.set(state.order, this.#count(definition.code, state, eventCount, [], now))
  }

  /**
   * Replaces what is counted of an order, unless what is counted contains more events.
   * @param state undefined: every event of it was taken back.
   */
  apply(order: string, process: string, state: FoldedOrder | undefined, eventCount: number, now: number): void {
    const before = this.#orders.get(order)
    if ((before?.eventCount ?? this.#takenBack.get(order) ?? 0) > eventCount) return
    const kept = before === undefined || state === undefined ? [] : sameVisits(before, process, state)
    if (before !== undefined) this.#uncount(before, kept.length)
    if (state === undefined) {
      this.#orders.delete(order)
      this.#takenBack.set(order, eventCount)
    } else {
      this.#takenBack.delete(order)
      this.#orders.set(order, this.#count(process, state, eventCount, kept, now))
    }
  }

  /** Lets time pass; returns how many visits changed by it. */
  advance(now: number): number {
    return this.open.advance(now)
  }

  /** When something changes next without an event; undefined: never. */
  nextChangeAt(): number | undefined {
    return this.open.nextChangeAt()
  }

  #count(
    code: string,
    state: FoldedOrder,
    eventCount: number,
    kept: readonly CountedVisit[],
    now: number,
  ): EngineOrder {
    const process = this.#processLedger(code)
    this.#eventCount += eventCount
    const ended = [...kept]
    let openSlot: number | undefined
    for (const visit of state.visits.slice(kept.length)) {
      const ledger = this.#stageLedger(process, visit.stage)
      ledger.arrivals.add(this.days.startOf(visit.enteredAt), 1)
      if (visit.leftAt === undefined) openSlot = this.open.add(state, visit, ledger, now)
      else ended.push(this.#countEnded(state, visit, visit.leftAt, ledger))
    }
    process.arrivals.add(this.days.startOf(arrivedAt(state)), 1)
    if (state.endedAt === undefined) process.openCount += 1
    else process.departures.add(this.days.startOf(state.endedAt), 1)
    const completion = completionOf(state)
    if (completion !== undefined) process.completions.add(this.days.startOf(completion.endedAt), completion)
    return { state, eventCount, process, ended, openSlot, completion }
  }

  /** @param keep how many of the order's visits, from the first, stay counted. */
  #uncount({ state, eventCount, process, ended, openSlot, completion }: EngineOrder, keep = 0): void {
    this.#eventCount -= eventCount
    for (const visit of ended.slice(keep)) this.#uncountEnded(visit)
    const openVisit = openSlot === undefined ? undefined : state.visits.at(-1)
    if (openSlot !== undefined && openVisit !== undefined) {
      this.#stageLedger(process, openVisit.stage).arrivals.add(this.days.startOf(openVisit.enteredAt), -1)
      this.open.remove(openSlot)
    }
    process.arrivals.add(this.days.startOf(arrivedAt(state)), -1)
    if (state.endedAt === undefined) process.openCount -= 1
    else process.departures.add(this.days.startOf(state.endedAt), -1)
    if (completion !== undefined) process.completions.remove(this.days.startOf(completion.endedAt), completion)
  }

  #countEnded(state: FoldedOrder, visit: StageVisit, leftAt: number, ledger: StageLedger): CountedVisit {
    const breachedAt = breachWithin(state, visit, leftAt, ledger)
    const row = isFinished(visit) ? this.#row(state, visit, ledger, breachedAt !== undefined) : undefined
    const counted = { visit, ledger, breachedAt, row: row === undefined ? undefined : this.finished.add(row) }
    if (row !== undefined) this.hours.add(row)
    markEnded(counted, leftAt, 1)
    ledger.departures.add(this.days.startOf(leftAt), 1)
    return counted
  }

  #uncountEnded(counted: CountedVisit): void {
    const { visit, ledger, row } = counted
    if (visit.leftAt === undefined) return
    markEnded(counted, visit.leftAt, -1)
    ledger.arrivals.add(this.days.startOf(visit.enteredAt), -1)
    ledger.departures.add(this.days.startOf(visit.leftAt), -1)
    if (row === undefined) return
    this.hours.remove(this.finished.read(row))
    this.finished.remove(row)
  }

  #row(state: FoldedOrder, visit: FinishedVisit, ledger: StageLedger, breached: boolean): VisitRow {
    return {
      stage: ledger.index,
      order: this.orderIds.idOf(state.order),
      department: this.departments.idOf(visit.department ?? state.facts.department ?? ''),
      customer: this.customers.idOf(state.facts.customer ?? ''),
      product: this.products.idOf(state.facts.product ?? ''),
      enteredAt: visit.enteredAt,
      leftAt: visit.leftAt,
      heldMs: visit.heldMs,
      rework: visit.nth > 1,
      breached,
    }
  }

  #processLedger(code: string): ProcessLedger {
    const known = this.#processes.get(code)
    if (known !== undefined) return known
    const ledger = new ProcessLedger({
      code,
      name: { zh: code, en: code },
      stages: [],
      acceptsNewStages: true,
      goals: {},
    })
    this.#processes.set(code, ledger)
    return ledger
  }

  /** An event may be older than the definition that no longer names its stage: the stage is shown all the same. */
  #stageLedger(process: ProcessLedger, stage: string): StageLedger {
    const known = process.stage(stage)
    if (known !== undefined) return known
    const ledger = this.#newStage(process.definition.code, stage)
    process.addStage(ledger)
    return ledger
  }

  #newStage(process: string, stage: string): StageLedger {
    const ledger = new StageLedger(process, this.#stages.length, plainStage(stage))
    this.#stages.push(ledger)
    return ledger
  }

  #define(process: ProcessLedger, definition: ProcessDefinition): void {
    process.define(definition, (stage) => this.#newStage(definition.code, stage))
  }
}

/** Whether a stage that has orders is to be held against something else than before; one no longer named has no limits. */
function hasOtherLimits(ledger: ProcessLedger, definition: ProcessDefinition): boolean {
  return ledger.stages.some(({ definition: before }) => {
    const after = definition.stages.find((stage) => stage.code === before.code) ?? plainStage(before.code)
    return (
      after.targetMs !== before.targetMs ||
      after.warnAtRatio !== before.warnAtRatio ||
      after.stallAfterMs !== before.stallAfterMs
    )
  })
}

function completionOf(state: FoldedOrder): Completion | undefined {
  if (state.status !== 'completed' || state.endedAt === undefined) return undefined
  const { promisedAt } = state.facts
  return {
    endedAt: state.endedAt,
    leadMs: Math.max(0, state.endedAt - arrivedAt(state)),
    onTime: promisedAt === undefined ? undefined : state.endedAt <= promisedAt,
  }
}

/** The ended visits that need not be counted anew, from the first on. */
function sameVisits(before: EngineOrder, process: string, state: FoldedOrder): CountedVisit[] {
  const was = before.state.facts
  const is = state.facts
  const sameDimensions =
    before.process.definition.code === process &&
    was.customer === is.customer &&
    was.product === is.product &&
    was.department === is.department
  if (!sameDimensions) return []
  const changed = before.ended.findIndex((counted, i) => !isCountedAs(counted, state.visits[i], state))
  return changed === -1 ? before.ended : before.ended.slice(0, changed)
}
