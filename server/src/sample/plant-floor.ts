import type { EventData } from '@stagewatch/shared/domain/order-event.ts'
import { ActiveTroubles } from './active-troubles.ts'
import type { Agenda } from './agenda.ts'
import { plantStages, stageAfter } from './plant-definition.ts'
import type { StageCode } from './plant-definition.ts'
import { isCurrent } from './plant-order.ts'
import type { PlantOrder, PlantVisit } from './plant-order.ts'
import { hourMs, isWeekend, secondMs, shiftAt } from './plant-time.ts'
import type { RandomSource } from './random-source.ts'
import { slotsAt, stagePlans } from './stage-plan.ts'
import { StageQueue } from './stage-queue.ts'
import type { Trouble } from './trouble.ts'
import type { VisitReporter } from './visit-reporter.ts'
import { holdReasons, waitingReason } from './waiting-reasons.ts'
import { workMs } from './work-time.ts'

/** Share of orders that lie unnoticed before anybody starts them. */
const forgottenRatio = 0.026
const longestForgottenMs = 30 * hourMs
const failedInspectionRatio = 0.04
const explainedRatio = 0.85
/** As a share of the target; soon after the order has become overdue. */
const acknowledgedAfterRatio = 1.03
const mistypedRatio = 0.001

/** The stages of the plant with their queues, and the orders that pass through them. */
export class PlantFloor {
  readonly #agenda: Agenda
  readonly #reporter: VisitReporter
  readonly #random: RandomSource
  readonly #queues = new Map<StageCode, StageQueue>()
  readonly #troubles = new ActiveTroubles()

  constructor(agenda: Agenda, reporter: VisitReporter, random: RandomSource) {
    this.#agenda = agenda
    this.#reporter = reporter
    this.#random = random
  }

  enter(order: PlantOrder, stage: StageCode): void {
    const visit: PlantVisit = { order, stage, enteredAt: this.#agenda.now, finishAt: 0, restsUntil: 0 }
    order.visit = visit
    this.#explainLater(visit)
    this.#acknowledgeLater(visit)
    const hold = holdReasons[stage]
    if (hold !== undefined && this.#random.chance(hold.ratio)) this.#hold(visit, this.#random.pick(hold.reasons))
    else if (this.#random.chance(forgottenRatio)) this.#forget(visit)
    else if (this.#hasSlot(stage)) this.#start(visit)
    else this.#wait(visit)
  }

  /** Removes the order from the plant, wherever it is. */
  remove(order: PlantOrder): void {
    const { visit } = order
    order.visit = undefined
    if (visit === undefined) return
    this.#queue(visit.stage).end(visit)
    this.#fill(visit.stage)
  }

  changeShift(): void {
    for (const stage of this.#queues.keys()) this.#fill(stage)
  }

  strike(trouble: Trouble): void {
    const { kind, endAt } = trouble
    this.#troubles.begin(trouble)
    for (const visit of this.#queue(kind.stage).working) {
      if (!this.#random.chance(kind.stoppedRatio)) continue
      visit.restsUntil = endAt + kind.extraHours * hourMs
      visit.finishAt += visit.restsUntil - this.#agenda.now
      visit.reason = kind.reason
    }
    this.#agenda.at(endAt, () => {
      this.#troubles.end(trouble)
      this.#fill(kind.stage)
    })
  }

  /** Reports the position of the truck that has been silent for longest. */
  reportPosition(): void {
    const visit = this.#queue('transit').rotate()
    if (visit !== undefined) this.#reporter.report(visit, 'position.reported', { place: this.#step(visit) })
  }

  #hold(visit: PlantVisit, reason: string): void {
    this.#reporter.report(visit, 'stage.entered')
    this.#reporter.report(visit, 'order.held', { reason })
    this.#agenda.after(this.#random.between(3, 20) * hourMs, () => {
      if (!isCurrent(visit)) return
      this.#reporter.report(visit, 'order.resumed')
      this.#line(visit)
    })
  }

  #forget(visit: PlantVisit): void {
    this.#reporter.report(visit, 'stage.entered')
    visit.reason = '单据遗漏'
    const { targetMs } = plantStages[visit.stage]
    this.#agenda.after(Math.min(longestForgottenMs, this.#random.between(0.7, 3.5) * targetMs), () => {
      if (!isCurrent(visit)) return
      this.#assign(visit)
      this.#line(visit)
    })
  }

  /** Somebody has found the order and becomes its owner. */
  #assign(visit: PlantVisit): void {
    const [owner] = stagePlans[visit.stage].department.people[shiftAt(this.#agenda.now)]
    if (owner === undefined) return
    visit.owner = owner
    this.#reporter.report(visit, 'order.assigned', { owner })
  }

  #wait(visit: PlantVisit): void {
    this.#reporter.report(visit, 'stage.entered')
    this.#line(visit)
  }

  #line(visit: PlantVisit): void {
    this.#queue(visit.stage).wait(visit)
    this.#fill(visit.stage)
  }

  #fill(stage: StageCode): void {
    while (this.#hasSlot(stage)) {
      const next = this.#queue(stage).next(this.#random)
      if (next === undefined) return
      this.#start(next)
    }
  }

  #hasSlot(stage: StageCode): boolean {
    const { now } = this.#agenda
    const slots = slotsAt(stagePlans[stage], shiftAt(now), isWeekend(now)) * this.#troubles.capacityRatio(stage)
    return this.#queue(stage).workingCount + 1 <= slots
  }

  /** If the order did not have to wait, the source reports only its start, and no arrival. */
  #start(visit: PlantVisit): void {
    const durationMs = workMs(visit, this.#random)
    this.#queue(visit.stage).begin(visit)
    visit.finishAt = this.#agenda.now + durationMs
    this.#takeOver(visit)
    this.#finishLater(visit)
    this.#stepLater(visit)
    if (this.#random.chance(mistypedRatio)) this.#reporter.mistypeWithin(visit, durationMs)
  }

  #takeOver(visit: PlantVisit, data?: EventData): void {
    const { people } = stagePlans[visit.stage].department
    visit.owner = this.#random.pick(people[shiftAt(this.#agenda.now)])
    this.#reporter.report(visit, 'stage.started', data)
  }

  /** Reports a step of long work, which passes through several hands. */
  #stepLater(visit: PlantVisit): void {
    const { stepHours } = stagePlans[visit.stage]
    if (stepHours === undefined) return
    const nextAt = this.#agenda.now + stepHours * this.#random.between(0.8, 1.1) * hourMs
    this.#agenda.at(Math.max(nextAt, visit.restsUntil), () => {
      if (!isCurrent(visit)) return
      if (this.#agenda.now >= visit.restsUntil) this.#takeOver(visit, { step: this.#step(visit) })
      this.#stepLater(visit)
    })
  }

  #step({ order, stage }: PlantVisit): string {
    return this.#random.pick(stagePlans[stage].steps ?? order.customer.region.relays)
  }

  /** A trouble may postpone the end of the work in the meantime. */
  #finishLater(visit: PlantVisit): void {
    this.#agenda.at(visit.finishAt, () => {
      if (!isCurrent(visit)) return
      if (visit.finishAt > this.#agenda.now) this.#finishLater(visit)
      else this.#finish(visit)
    })
  }

  #finish(visit: PlantVisit): void {
    const { order, stage } = visit
    const next = stageAfter(stage)
    this.#queue(stage).end(visit)
    if (next === undefined) {
      this.#reporter.report(visit, 'order.completed')
      order.visit = undefined
    } else if (stage === 'qc') this.#inspected(visit, next)
    else this.enter(order, next)
    this.#fill(stage)
  }

  /** The only stage that reports a result; orders that fail return to production. */
  #inspected(visit: PlantVisit, next: StageCode): void {
    const { order } = visit
    order.reworked = this.#random.chance(failedInspectionRatio)
    this.#reporter.report(visit, 'stage.completed', { result: order.reworked ? '不合格' : '合格' })
    order.visit = undefined
    this.#agenda.after(this.#random.integer(10, 60) * secondMs, () => {
      this.enter(order, order.reworked ? 'produce' : next)
    })
  }

  /** Reports why an order waits, at about the time when it becomes at risk. */
  #explainLater(visit: PlantVisit): void {
    const { targetMs, warnAtRatio } = plantStages[visit.stage]
    this.#agenda.after(targetMs * this.#random.between(warnAtRatio, 1), () => {
      if (!isCurrent(visit) || !this.#random.chance(explainedRatio)) return
      this.#reporter.report(visit, 'note.added', { reason: this.#reason(visit) })
    })
  }

  /** The owner of an order past its limit acknowledges it, or does not. */
  #acknowledgeLater(visit: PlantVisit): void {
    this.#agenda.after(plantStages[visit.stage].targetMs * acknowledgedAfterRatio, () => {
      const isDiligent = Number(visit.order.number.at(-1)) % 3 === 0
      if (isCurrent(visit) && visit.owner !== undefined && isDiligent)
        this.#reporter.report(visit, 'order.acknowledged')
    })
  }

  #reason(visit: PlantVisit): string {
    const queueing = visit.owner === undefined ? this.#troubles.reasonIn(visit.stage) : undefined
    return visit.reason ?? queueing ?? waitingReason(visit.order, visit.stage, this.#random)
  }

  #queue(stage: StageCode): StageQueue {
    const queue = this.#queues.get(stage) ?? new StageQueue()
    this.#queues.set(stage, queue)
    return queue
  }
}
