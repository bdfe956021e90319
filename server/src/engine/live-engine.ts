import { arrivedAt, type FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { DepartmentTexts } from '@stagewatch/shared/domain/departments.ts'
import { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { completionOf } from './completions.ts'
import { allKept, endedCount, haveSameLimits, keptVisits, noneKept } from './kept-visits.ts'
import type { KeptVisits } from './kept-visits.ts'
import { countInSteps, eachEndedVisit, isLong, longOrderVisits } from './count-in-steps.ts'
import { EndedVisits } from './ended-visits.ts'
import { hasEnded } from '@stagewatch/shared/domain/stage-visit.ts'
import type { EndedVisit, StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { RemovedOrders } from './removed-orders.ts'
import { headOf } from './engine-order.ts'
import type { AppliedOrder, EngineOrder } from './engine-order.ts'
import { OpenVisits } from './open-visits.ts'
import type { OpenVisit } from './open-visits.ts'
import { OrderTable } from './order-table.ts'
import type { ProcessAggregates } from './process-aggregates.ts'
import { ProcessTable } from './process-table.ts'
import type { SiteCalendars } from '../rules/site-calendars.ts'
import { ShortNumbers } from './short-numbers.ts'
import { SiteRules } from './site-rules.ts'
import type { StageAggregates } from './stage-aggregates.ts'
import { statusEdges } from './status-edge.ts'
import type { StatusEdge } from './status-edge.ts'

const unmanaged = new DepartmentTexts()

/**
 * The in-memory model for the screens and queries of one site. Every order is counted in such a way that its counts can
 * be undone when its events change. The engine is not a source of truth and is rebuilt from the database at start; it
 * does no I/O and receives the time as a parameter.
 */
export class LiveEngine {
  readonly days: LocalDays
  readonly rules = new SiteRules()
  readonly open: OpenVisits
  readonly ended: EndedVisits
  /** All counted orders. */
  readonly orders = new OrderTable()
  readonly shortNumbers: ShortNumbers
  readonly #maxVisits: number
  readonly #departmentTexts: () => DepartmentTexts
  readonly #processes = new ProcessTable(this.rules)
  readonly removedOrders = new RemovedOrders()
  #nextNumber = 0
  #eventCount = 0
  /** Number of times that rules for visits have changed. */
  #rulesChanged = 0
  #limitsRevision = 0
  #needsReevaluation = false
  #reportEdges: ((edges: readonly StatusEdge[]) => void) | undefined

  /**
   * @param timeZone IANA zone in which the site's days start.
   * @param maxVisits maximum number of finished visits in memory; the most recent ones are kept.
   * @param departmentTexts returns which texts currently denote the same department.
   */
  constructor(timeZone: string, maxVisits = 10_000_000, departmentTexts = () => unmanaged) {
    this.#maxVisits = maxVisits
    this.#departmentTexts = departmentTexts
    this.days = new LocalDays(timeZone)
    this.open = new OpenVisits(this.days)
    this.shortNumbers = new ShortNumbers(() => this.orders.keys())
    this.ended = new EndedVisits(this.days, (index) => this.stage(index))
  }

  /** Reports every later change of status, whether it is caused by an event, a rule or time alone. */
  reportEdgesTo(report: (edges: readonly StatusEdge[]) => void): void {
    this.#reportEdges = report
  }

  /**
   * Visits are counted by the text in their events, because the mapping of texts to departments may change at any time.
   */
  get departmentTexts(): DepartmentTexts {
    return this.#departmentTexts()
  }

  /** The number of the next new order. */
  get nextNumber(): number {
    return this.#nextNumber
  }

  /** Number of events of all counted orders. */
  get eventCount(): number {
    return this.#eventCount
  }

  processes(): Iterable<ProcessAggregates> {
    return this.#processes.values()
  }

  process(code: string): ProcessAggregates | undefined {
    return this.#processes.get(code)
  }

  /** The stages of all processes. */
  stages(): readonly StageAggregates[] {
    return this.#processes.stages()
  }

  /** @throws RangeError if no stage has this number. */
  stage(index: number): StageAggregates {
    return this.#processes.stage(index)
  }

  /** The aggregates of a stage; creates them if there are none. */
  aggregatesOf(process: string, stage: string): StageAggregates {
    return this.#processes.stageOf(this.processAggregatesOf(process), stage)
  }

  order(order: string): EngineOrder | undefined {
    return this.orders.get(order)
  }

  /** Process of a counted order. */
  processOf(order: string): string | undefined {
    return this.orders.get(order)?.process.definition.code
  }

  /**
   * Adds or replaces a process.
   * @returns whether the limits of its visits have changed, so that they must be re-evaluated.
   */
  setProcess(history: ProcessHistory, now: number): boolean {
    const { code } = history[0].definition
    const isSame = haveSameLimits(this.rules.history(code), history)
    this.rules.setHistory(history)
    this.#processes.define(code, now)
    this.#rulesChanged += 1
    if (isSame) return false
    this.#limitsRevision += 1
    const hasVisits = this.#processes.get(code)?.stages.some(({ visitCount }) => visitCount > 0) ?? false
    this.#needsReevaluation ||= hasVisits
    return hasVisits
  }

  /** All visits must be re-evaluated afterwards. */
  setCalendars(calendars: SiteCalendars): void {
    this.rules.calendars = calendars
    this.#rulesChanged += 1
    this.#limitsRevision += 1
    this.#needsReevaluation ||= this.orders.size > 0
  }

  /**
   * Identifies the rules by which all visits were evaluated. Undefined if some are still evaluated by previous rules.
   */
  get limitsRevision(): number | undefined {
    return this.#needsReevaluation ? undefined : this.#limitsRevision
  }

  /** Must be called after all visits were re-evaluated by the current rules. */
  noteReevaluated(): void {
    this.#needsReevaluation = false
  }

  /** Re-evaluates the open orders by the current rules in short steps; ended ones must be applied again. */
  *reevaluateOpenOrders(now: number): Generator<void> {
    for (const { state, head } of this.orders.values()) {
      if (state === undefined) continue
      yield* eachEndedVisit(
        () => this.orders.get(head.order),
        (place, order, index) => {
          const visit = order.state?.visits[index]
          if (order.state === undefined || visit === undefined || !hasEnded(visit)) return place
          this.ended.remove(place)
          return this.#addEnded(order, order.state, visit)
        },
      )
      this.#reevaluateOpenVisit(head.order, now)
      yield
    }
  }

  #reevaluateOpenVisit(id: string, now: number): void {
    const order = this.orders.get(id)
    const visit = order?.state?.visits.at(-1)
    if (order?.state === undefined || order.openSlot === undefined || visit === undefined) return
    const wasOpen = this.open.get(order.openSlot)
    this.open.remove(order.openSlot)
    const openSlot = this.#addOpen(order.process, order.state, visit, now)
    this.orders.set({ ...order, openSlot })
    this.#reportChange(wasOpen, this.open.get(openSlot), now)
  }

  /**
   * Replaces the counted state of an order, unless that contains more events.
   * @param state undefined if all its events were retracted.
   */
  apply(order: string, process: string, state: FoldedOrder | undefined, eventCount: number, now: number): void {
    const before = this.orders.get(order)
    if (this.#isOlder({ order, eventCount })) return
    this.#replace(before, { order, process, state, eventCount }, this.#keptOf(before, process, state), now)
  }

  /**
   * The same, but a long order is applied in steps that let other work run in between; it is consistent at any time.
   */
  *applyInSteps(applied: AppliedOrder, now: number): Generator<void> {
    const { order, process: code, state, eventCount } = applied
    if (this.#isOlder(applied)) return
    const known = this.orders.get(order)
    if (state === undefined || this.#isBeforeMemory(state) || !isLong(known, state))
      return this.apply(order, code, state, eventCount, now)
    if (known === undefined) this.apply(order, code, { ...state, visits: [] }, 0, now)
    const before = this.orders.get(order)
    if (before === undefined) return
    const process = this.processAggregatesOf(code)
    const rulesChanged = this.#rulesChanged
    const isCounted = yield* countInSteps(before, state, this.#keptOf(before, code, state), {
      remove: (place) => this.ended.remove(place),
      add: (visit) => this.#addEnded({ number: before.number, process }, state, visit),
      put: (partial) => this.orders.set(partial),
      get: () => this.orders.get(order),
    })
    if (this.#isOlder(applied)) return
    const kept = isCounted && rulesChanged === this.#rulesChanged ? allKept(state) : noneKept
    this.#replace(this.orders.get(order), applied, kept, now)
  }

  #isOlder({ order, eventCount }: Pick<AppliedOrder, 'order' | 'eventCount'>): boolean {
    return (this.orders.get(order)?.eventCount ?? this.removedOrders.eventCount(order)) > eventCount
  }

  #keptOf(before: EngineOrder | undefined, process: string, state: FoldedOrder | undefined): KeptVisits {
    const was = before?.state ?? before?.endedState?.deref()
    if (before === undefined || was === undefined || state === undefined || before.isPartial) return noneKept
    return before.process.definition.code === process && !this.#isBeforeMemory(state)
      ? keptVisits(was, state)
      : noneKept
  }

  /** @param kept the visits whose counts do not change. */
  #replace(
    before: EngineOrder | undefined,
    { order, process, state, eventCount }: AppliedOrder,
    kept: KeptVisits,
    now: number,
  ): void {
    const wasOpen = this.open.get(before?.openSlot)
    if (before !== undefined) this.#uncount(before, kept)
    if (state === undefined) {
      this.#removeOrder(order)
      this.removedOrders.add(order, eventCount)
    } else if (this.#isBeforeMemory(state)) {
      this.#removeOrder(order)
    } else {
      this.removedOrders.delete(order)
      this.orders.set(this.#count(process, state, eventCount, before, kept, now))
      if (before === undefined) this.shortNumbers.add(order)
    }
    this.#reportChange(wasOpen, this.open.get(this.orders.get(order)?.openSlot), now)
  }

  /** The same for many orders, one after the other, in less time. */
  applyAll(orders: Iterable<AppliedOrder>, now: number): void {
    this.ended.addBatch(() => {
      for (const { order, process, state, eventCount } of orders) this.apply(order, process, state, eventCount, now)
    })
  }

  /** Whether the oldest visits must be evicted; a small excess is tolerated. */
  get isFull(): boolean {
    return this.ended.finished.size > this.#maxVisits * 1.02
  }

  /** Moves the start of memory forward and evicts the visits before it, in short steps. */
  *evictOldest(): Generator<void> {
    this.ended.startAt(this.ended.hourOfNewest(this.#maxVisits))
    for (const { head } of this.orders.values()) {
      yield* eachEndedVisit(
        () => this.orders.get(head.order),
        (place) => this.ended.evict(place),
      )
      const order = this.orders.get(head.order)
      if (order !== undefined && this.#isBeforeMemory(order.head)) {
        this.#uncount(order)
        this.#removeOrder(order.head.order)
      }
      yield
    }
  }

  /** Advances the time; returns the number of visits that changed. */
  advance(now: number): number {
    if ((this.#processes.nextVersionAt ?? Infinity) <= now) this.#processes.defineAll(now)
    return this.open.advance(now, (before, after, at) => this.#reportChange(before, after, at))
  }

  /** Returns to an earlier instant after the clock was set back; one open order per step. */
  *rewind(now: number): Generator<void> {
    this.#processes.defineAll(now)
    yield* this.reevaluateOpenOrders(now)
  }

  /** When something changes next without an event. Undefined: never. */
  nextChangeAt(): number | undefined {
    const next = Math.min(this.open.nextChangeAt() ?? Infinity, this.#processes.nextVersionAt ?? Infinity)
    return next === Infinity ? undefined : next
  }

  #reportChange(before: OpenVisit | undefined, after: OpenVisit | undefined, at: number): void {
    if (this.#reportEdges === undefined || before === after) return
    const edges = statusEdges(before, after, at)
    if (edges.length > 0) this.#reportEdges(edges)
  }

  /** @param kept the visits that are already counted in `before` and have not changed. */
  #count(
    code: string,
    state: FoldedOrder,
    eventCount: number,
    before: EngineOrder | undefined,
    kept: KeptVisits,
    now: number,
  ): EngineOrder {
    const process = this.processAggregatesOf(code)
    const number = before?.number ?? this.#nextNumber++
    this.#eventCount += eventCount
    const ended = before?.ended.slice(0, kept.first) ?? []
    const keptFrom = endedCount(state) - kept.last
    let openSlot: number | undefined
    for (let i = kept.first; i < state.visits.length; i++) {
      const visit = state.visits[i]
      if (visit === undefined || (i >= keptFrom && hasEnded(visit))) continue
      if (hasEnded(visit)) ended.push(this.#addEnded({ number, process }, state, visit))
      else openSlot = this.#addOpen(process, state, visit, now)
    }
    if (before !== undefined && kept.last > 0) for (const place of before.ended.slice(-kept.last)) ended.push(place)
    const counted = {
      head: headOf(state),
      state: state.status === 'open' ? state : undefined,
      ...(state.status !== 'open' && state.visits.length > longOrderVisits && { endedState: new WeakRef(state) }),
      number,
      eventCount,
      process,
      arrivedAt: arrivedAt(state),
      // A copy drops the spare capacity from growth: 60 bytes per order, more than the places of its visits take.
      ended: ended.slice(),
      openSlot,
      completion: completionOf(state),
    }
    process.countOrder(counted, this.days, 1)
    return counted
  }

  #addEnded(
    { number, process }: Pick<EngineOrder, 'number' | 'process'>,
    state: FoldedOrder,
    visit: EndedVisit,
  ): number {
    const sla = this.rules.slaOf(process.definition.code, visit, state.attributes)
    return this.ended.add(number, state, visit, this.#processes.stageOf(process, visit.stage), sla)
  }

  #addOpen(process: ProcessAggregates, state: FoldedOrder, visit: StageVisit, now: number): number {
    const sla = this.rules.slaOf(process.definition.code, visit, state.attributes)
    return this.open.add(state, visit, this.#processes.stageOf(process, visit.stage), sla, now)
  }

  /** @param kept the visits that stay counted. */
  #uncount(order: EngineOrder, kept = noneKept): void {
    const { eventCount, ended, openSlot } = order
    this.#eventCount -= eventCount
    for (const place of ended.slice(kept.first, ended.length - kept.last)) this.ended.remove(place)
    if (openSlot !== undefined) this.open.remove(openSlot)
    order.process.countOrder(order, this.days, -1)
  }

  /** Removes the order from the engine. */
  #removeOrder(order: string): void {
    if (this.orders.delete(order)) this.shortNumbers.remove(order)
  }

  #isBeforeMemory({ endedAt }: Pick<FoldedOrder, 'endedAt'>): boolean {
    return endedAt !== undefined && endedAt < this.ended.startsAt
  }

  /** The aggregates of a process; creates them if there are none. */
  processAggregatesOf(code: string): ProcessAggregates {
    return this.#processes.of(code)
  }
}
