import { arrivedAt } from '@stagewatch/shared/domain/arrived-at.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { completionOf } from './completions.ts'
import { endedCount, evaluateAlike, keptVisits, noneKept } from './counted-alike.ts'
import type { KeptVisits } from './counted-alike.ts'
import { EndedVisits } from './ended-visits.ts'
import { hasEnded } from '@stagewatch/shared/domain/stage-visit.ts'
import type { EndedVisit, StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { DepartedOrders } from './departed-orders.ts'
import { headOf } from './engine-order.ts'
import type { EngineOrder } from './engine-order.ts'
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

/** Some hundred µs. */
const visitsPerStep = 128
/** How often an order is gone through that keeps changing. */
const mostPasses = 4

/** What has become of an order, see `LiveEngine.apply`. */
export interface AppliedOrder {
  readonly order: string
  readonly process: string
  readonly state: FoldedOrder | undefined
  readonly eventCount: number
}

/**
 * What the screens and the queries of one site need, in memory: every order counted in, so that it can be counted
 * out again when its events say something else. It owns no truth and is rebuilt from the database at start; it does
 * no I/O and is told what time it is.
 */
export class LiveEngine {
  readonly days: LocalDays
  readonly rules = new SiteRules()
  readonly open: OpenVisits
  readonly ended: EndedVisits
  /** Every order counted in. */
  readonly orders = new OrderTable()
  readonly shortNumbers: ShortNumbers
  readonly #maxVisits: number
  readonly #processes = new ProcessTable(this.rules)
  readonly gone = new DepartedOrders()
  #nextNumber = 0
  #eventCount = 0
  #reportEdges: ((edges: readonly StatusEdge[]) => void) | undefined

  /**
   * @param timeZone IANA zone in which the site's days begin.
   * @param maxVisits so many finished visits stay in memory, the most recent ones.
   */
  constructor(timeZone: string, maxVisits = 10_000_000) {
    this.#maxVisits = maxVisits
    this.days = new LocalDays(timeZone)
    this.open = new OpenVisits(this.days)
    this.shortNumbers = new ShortNumbers(() => this.orders.keys())
    this.ended = new EndedVisits(this.days, (index) => this.stage(index))
  }

  /** From now on tells of every change of status, whether an event, a rule or time alone brings it about. */
  reportEdgesTo(report: (edges: readonly StatusEdge[]) => void): void {
    this.#reportEdges = report
  }

  /** The number that the next order gets. */
  get nextNumber(): number {
    return this.#nextNumber
  }

  /** Events of the orders that are counted in. */
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

  /** @throws RangeError when no stage has this number. */
  stage(index: number): StageAggregates {
    return this.#processes.stage(index)
  }

  /** What is kept of a stage, from now on if nothing was. */
  aggregatesOf(process: string, stage: string): StageAggregates {
    return this.#processes.stageOf(this.processAggregatesOf(process), stage)
  }

  order(order: string): EngineOrder | undefined {
    return this.orders.get(order)
  }

  /** Process of an order that has been counted in. */
  processOf(order: string): string | undefined {
    return this.orders.get(order)?.process.definition.code
  }

  /**
   * Takes a new or changed process.
   * @returns whether its visits are to be held against something else now: then they have to be judged again.
   */
  setProcess(history: ProcessHistory, now: number): boolean {
    const { code } = history[0].definition
    const alike = evaluateAlike(this.rules.history(code), history)
    this.rules.setHistory(history)
    this.#processes.define(code, now)
    return !alike && (this.#processes.get(code)?.stages.some(({ visitCount }) => visitCount > 0) ?? false)
  }

  /** Every visit has to be judged again afterwards. */
  setCalendars(calendars: SiteCalendars): void {
    this.rules.calendars = calendars
  }

  /** Holds the open orders against the rules of now in short steps; ended ones have to be applied again. */
  *reevaluateOpenOrders(now: number): Generator<void> {
    for (const { state, head } of this.orders.values()) {
      if (state === undefined) continue
      yield* this.#eachEndedVisit(head.order, (place, order, index) => {
        const visit = order.state?.visits[index]
        if (order.state === undefined || visit === undefined || !hasEnded(visit)) return place
        this.ended.remove(place)
        return this.#addEnded(order, order.state, visit)
      })
      this.#judgeOpenVisit(head.order, now)
      yield
    }
  }

  /**
   * Changes where the ended visits of an order are kept, one after the other, so that the order is counted once and
   * whole whenever a step of a long one lets something else have its turn. An order that has changed by then is gone
   * through from its beginning, at last in one step.
   */
  *#eachEndedVisit(id: string, change: (place: number, order: EngineOrder, index: number) => number): Generator<void> {
    for (let pass = 1; ; pass++) {
      const order = this.orders.get(id)
      if (order === undefined) return
      for (const [index, place] of order.ended.entries()) {
        if (index > 0 && index % visitsPerStep === 0 && pass < mostPasses) {
          yield
          if (this.orders.get(id) !== order) break
        }
        order.ended[index] = change(place, order, index)
      }
      if (this.orders.get(id) === order) return
    }
  }

  #judgeOpenVisit(id: string, now: number): void {
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
   * Replaces what is counted of an order, unless what is counted contains more events.
   * @param state undefined: every event of it was taken back.
   */
  apply(order: string, process: string, state: FoldedOrder | undefined, eventCount: number, now: number): void {
    const before = this.orders.get(order)
    if ((before?.eventCount ?? this.gone.eventCount(order)) > eventCount) return
    const wasOpen = this.open.get(before?.openSlot)
    const isAlike = before?.state !== undefined && before.process.definition.code === process && state !== undefined
    const kept = isAlike && !this.#isForgotten(state) ? keptVisits(before.state, state) : noneKept
    if (before !== undefined) this.#uncount(before, kept)
    if (state === undefined) {
      this.#leaveOut(order)
      this.gone.add(order, eventCount)
    } else if (this.#isForgotten(state)) {
      this.#leaveOut(order)
    } else {
      this.gone.delete(order)
      this.orders.set(this.#count(process, state, eventCount, before, kept, now))
      if (before === undefined) this.shortNumbers.add(order)
    }
    this.#reportChange(wasOpen, this.open.get(this.orders.get(order)?.openSlot), now)
  }

  /** The same for many orders, one after the other, in less time. */
  applyAll(orders: Iterable<AppliedOrder>, now: number): void {
    this.ended.together(() => {
      for (const { order, process, state, eventCount } of orders) this.apply(order, process, state, eventCount, now)
    })
  }

  /** Whether there are so many visits that the oldest are to be forgotten; some more than allowed are let be. */
  get isFull(): boolean {
    return this.ended.finished.size > this.#maxVisits * 1.02
  }

  /** Makes room: lets memory begin later, and forgets what lies before, in short steps. */
  *forgetOldest(): Generator<void> {
    this.ended.beginAt(this.ended.hourOfNewest(this.#maxVisits))
    for (const { head } of this.orders.values()) {
      yield* this.#eachEndedVisit(head.order, (place) => this.ended.forget(place))
      const order = this.orders.get(head.order)
      if (order !== undefined && this.#isForgotten(order.head)) {
        this.#uncount(order)
        this.#leaveOut(order.head.order)
      }
      yield
    }
  }

  /** Lets time pass; returns how many visits changed by it. */
  advance(now: number): number {
    if ((this.#processes.nextVersionAt ?? Infinity) <= now) this.#processes.defineAll(now)
    return this.open.advance(now, (before, after, at) => this.#reportChange(before, after, at))
  }

  /** Goes back to an earlier instant, because the clock was set back: an open order with each step. */
  *rewind(now: number): Generator<void> {
    this.#processes.defineAll(now)
    yield* this.reevaluateOpenOrders(now)
  }

  /** When something changes next without an event; undefined: never. */
  nextChangeAt(): number | undefined {
    const next = Math.min(this.open.nextChangeAt() ?? Infinity, this.#processes.nextVersionAt ?? Infinity)
    return next === Infinity ? undefined : next
  }

  #reportChange(before: OpenVisit | undefined, after: OpenVisit | undefined, at: number): void {
    if (this.#reportEdges === undefined || before === after) return
    const edges = statusEdges(before, after, at)
    if (edges.length > 0) this.#reportEdges(edges)
  }

  /** @param kept the visits that `before` has counted and that still are. */
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
      number,
      eventCount,
      process,
      arrivedAt: arrivedAt(state),
      // Growing it one by one has left room behind: 60 bytes of an order, more than its visits' places take.
      ended: ended.slice(),
      openSlot,
      completion: completionOf(state),
    }
    this.#countWhole(counted, 1)
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
    this.#countWhole(order, -1)
  }

  /** The order is not known here any more. */
  #leaveOut(order: string): void {
    if (this.orders.delete(order)) this.shortNumbers.remove(order)
  }

  #isForgotten({ endedAt }: Pick<FoldedOrder, 'endedAt'>): boolean {
    return endedAt !== undefined && endedAt < this.ended.beginsAt
  }

  /** What counts of an order as a whole. */
  #countWhole({ head, process, arrivedAt: arrival, completion }: EngineOrder, delta: 1 | -1): void {
    process.arrivals.add(this.days.startOf(arrival), delta)
    if (head.endedAt === undefined) process.openCount += delta
    else process.departures.add(this.days.startOf(head.endedAt), delta)
    if (completion === undefined) return
    const day = this.days.startOf(completion.endedAt)
    if (delta === 1) process.completions.add(day, completion)
    else process.completions.remove(day, completion)
  }

  /** What is kept of a process, from now on if nothing was. */
  processAggregatesOf(code: string): ProcessAggregates {
    return this.#processes.of(code)
  }
}
