import { arrivedAt } from '@stagewatch/shared/domain/arrived-at.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { versionAt } from '@stagewatch/shared/domain/process-history.ts'
import { completionOf } from './completions.ts'
import { judgeAlike, sameVisits } from './counted-alike.ts'
import { EndedVisits } from './ended-visits.ts'
import { hasEnded } from '@stagewatch/shared/domain/stage-visit.ts'
import { headOf } from './engine-order.ts'
import type { EngineOrder } from './engine-order.ts'
import { OpenVisits } from './open-visits.ts'
import { ProcessLedger } from './process-ledger.ts'
import type { SiteCalendars } from './site-calendars.ts'
import { SiteRules } from './site-rules.ts'
import { StageLedger } from './stage-ledger.ts'

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
  readonly #mostVisits: number
  readonly #processes = new Map<string, ProcessLedger>()
  readonly #stages: StageLedger[] = []
  readonly #orders = new Map<string, EngineOrder>()
  /** Orders whose every event was taken back, with how many events that took. */
  readonly #takenBack = new Map<string, number>()
  #nextNumber = 0
  #eventCount = 0
  #nextVersionAt: number | undefined

  /**
   * @param timeZone IANA zone in which the site's days begin.
   * @param mostVisits so many finished visits stay in memory, the most recent ones.
   */
  constructor(timeZone: string, mostVisits = 10_000_000) {
    this.#mostVisits = mostVisits
    this.days = new LocalDays(timeZone)
    this.open = new OpenVisits(this.days)
    this.ended = new EndedVisits(this.days, (index) => this.stage(index))
  }

  /** The number that the next order gets. */
  get nextNumber(): number {
    return this.#nextNumber
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

  /** What is kept of a stage, from now on if nothing was. */
  ledgerOf(process: string, stage: string): StageLedger {
    return this.#stageLedger(this.ledgerOfProcess(process), stage)
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

  /**
   * Takes a new or changed process.
   * @returns whether its visits are to be held against something else now: then they have to be judged again.
   */
  setProcess(history: ProcessHistory, now: number): boolean {
    const { code } = history[0].definition
    const alike = judgeAlike(this.rules.history(code), history)
    this.rules.setHistory(history)
    this.#define(code, now)
    this.#nextVersionAt = this.rules.nextVersionAt(now)
    return !alike && (this.#processes.get(code)?.stages.some(({ visitCount }) => visitCount > 0) ?? false)
  }

  /** Every visit has to be judged again afterwards. */
  setCalendars(calendars: SiteCalendars): void {
    this.rules.calendars = calendars
  }

  /** Holds the open orders against the rules of now, one with each step; ended ones have to be applied again. */
  *judgeOpenOrders(now: number): Generator<void> {
    for (const order of this.#orders.values()) {
      const { state, process, eventCount, head } = order
      if (state === undefined) continue
      this.#uncount(order)
      this.#orders.set(head.order, this.#count(process.definition.code, state, eventCount, order, 0, now))
      yield
    }
  }

  /**
   * Replaces what is counted of an order, unless what is counted contains more events.
   * @param state undefined: every event of it was taken back.
   */
  apply(order: string, process: string, state: FoldedOrder | undefined, eventCount: number, now: number): void {
    const before = this.#orders.get(order)
    if ((before?.eventCount ?? this.#takenBack.get(order) ?? 0) > eventCount) return
    const isAlike = before?.state !== undefined && before.process.definition.code === process && state !== undefined
    const kept = isAlike ? sameVisits(before.state, state) : 0
    if (before !== undefined) this.#uncount(before, kept)
    if (state === undefined) {
      this.#orders.delete(order)
      this.#takenBack.set(order, eventCount)
    } else if (this.#isForgotten(state)) {
      for (const place of before?.ended.slice(0, kept) ?? []) this.ended.remove(place)
      this.#orders.delete(order)
    } else {
      this.#takenBack.delete(order)
      this.#orders.set(order, this.#count(process, state, eventCount, before, kept, now))
    }
  }

  /** Whether there are so many visits that the oldest are to be forgotten; some more than allowed are let be. */
  get isFull(): boolean {
    return this.ended.finished.size > this.#mostVisits * 1.02
  }

  /** Makes room: lets memory begin later, and forgets what lies before, an order with each step. */
  *forgetOldest(): Generator<void> {
    this.ended.beginAt(this.ended.hourOfNewest(this.#mostVisits))
    for (const order of this.#orders.values()) {
      if (this.#isForgotten(order.head)) {
        this.#uncount(order)
        this.#orders.delete(order.head.order)
      } else {
        const ended = order.ended.map((place) => this.ended.forget(place))
        this.#orders.set(order.head.order, { ...order, ended })
      }
      yield
    }
  }

  /** Lets time pass; returns how many visits changed by it. */
  advance(now: number): number {
    if (this.#nextVersionAt !== undefined && this.#nextVersionAt <= now) {
      for (const code of this.#processes.keys()) this.#define(code, now)
      this.#nextVersionAt = this.rules.nextVersionAt(now)
    }
    return this.open.advance(now)
  }

  /** When something changes next without an event; undefined: never. */
  nextChangeAt(): number | undefined {
    const next = Math.min(this.open.nextChangeAt() ?? Infinity, this.#nextVersionAt ?? Infinity)
    return next === Infinity ? undefined : next
  }

  /** @param kept how many of the visits that `before` has counted, from the first, still are. */
  #count(
    code: string,
    state: FoldedOrder,
    eventCount: number,
    before: EngineOrder | undefined,
    kept: number,
    now: number,
  ): EngineOrder {
    const process = this.ledgerOfProcess(code)
    const number = before?.number ?? this.#nextNumber++
    this.#eventCount += eventCount
    const ended = before?.ended.slice(0, kept) ?? []
    let openSlot: number | undefined
    for (const visit of kept === 0 ? state.visits : state.visits.slice(kept)) {
      const ledger = this.#stageLedger(process, visit.stage)
      const terms = this.rules.termsOf(code, visit, state.facts)
      if (hasEnded(visit)) ended.push(this.ended.add(number, state, visit, ledger, terms))
      else openSlot = this.open.add(state, visit, ledger, terms, now)
    }
    const counted = {
      head: headOf(state),
      state: state.status === 'open' ? state : undefined,
      number,
      eventCount,
      process,
      arrivedAt: arrivedAt(state),
      ended,
      openSlot,
      completion: completionOf(state),
    }
    this.#countWhole(counted, 1)
    return counted
  }

  /** @param kept how many of the order's visits, from the first, stay counted. */
  #uncount(order: EngineOrder, kept = 0): void {
    const { eventCount, ended, openSlot } = order
    this.#eventCount -= eventCount
    for (const place of ended.slice(kept)) this.ended.remove(place)
    if (openSlot !== undefined) this.open.remove(openSlot)
    this.#countWhole(order, -1)
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
  ledgerOfProcess(code: string): ProcessLedger {
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

  /** The process is shown as the version of now says. */
  #define(code: string, now: number): void {
    const history = this.rules.history(code)
    if (history === undefined) return
    this.ledgerOfProcess(code).define(versionAt(history, now), (stage) => this.#newStage(code, stage))
  }
}
