import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import type { EventData, EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { RandomSource } from '../sample/random-source.ts'
import { SiteCalendars } from '../rules/site-calendars.ts'
import { days, hours } from './building-blocks.ts'
import type { ProcessTemplate } from './process-template.ts'

/** An order of a sample, and the number of events that it is folded from. */
export interface SampleOrder {
  readonly state: FoldedOrder
  readonly eventCount: number
}

const defaultSigma = 0.45
/** Days that the sample runs beyond the usual lead time, so that a month of it is in a steady state. */
const settledDays = 35
/** Share of visits with a hold, in stages that allow holds. */
const heldShare = 0.05
const urgentShare = 0.12
/** Far more than any path through a template has; returns are random. */
const maxVisits = 100

/**
 * Orders that passed the stages of the template up to `now`, epoch ms, in sequence. Deterministic except for `now`:
 * they are placed at any hour, stay for log-normal working times, are held occasionally, and take the paths of the
 * process.
 */
export function* sampleOrders(template: ProcessTemplate, now: number): Generator<SampleOrder> {
  const { process, sample } = template
  const random = new RandomSource(process.code)
  const begin = now - (process.goals.leadTimeMs ?? days(30)) - days(settledDays)
  const meanGap = days(1) / sample.ordersPerDay
  const way = new SampleWay(template, random)
  let number = 0
  for (let at = begin; at < now; at -= meanGap * Math.log(1 - random.next())) {
    const events = way.eventsOf(`${process.code}-${++number}`, Math.round(at), now)
    const state = foldOrder(events[0].order, events, { isTerminal: (stage) => way.isTerminal(stage) })
    if (state !== undefined) yield { state, eventCount: events.length }
  }
}

/** The path of orders through the stages of a template. */
class SampleWay {
  readonly #template: ProcessTemplate
  readonly #random: RandomSource
  readonly #calendars: SiteCalendars
  readonly #stages: ReadonlyMap<string, StageDefinition>

  constructor(template: ProcessTemplate, random: RandomSource) {
    this.#template = template
    this.#random = random
    this.#calendars = new SiteCalendars(template.calendars)
    this.#stages = new Map(template.process.stages.map((stage) => [stage.code, stage]))
  }

  isTerminal(stage: string): boolean {
    return this.#stages.get(stage)?.terminal === true
  }

  eventsOf(order: string, placedAt: number, now: number): [OrderEvent, ...OrderEvent[]] {
    const { code } = this.#template.process
    const source = code
    const event = (type: EventType, occurredAt: number, data: EventData, stage?: string): OrderEvent => ({
      source,
      id: `${order}/${events.length}`,
      type,
      order,
      occurredAt,
      sequence: events.length,
      data,
      ...(stage !== undefined && { stage }),
    })
    const events: OrderEvent[] = []
    const placed = event('order.placed', placedAt, { process: code, ...this.#attributes(placedAt) })
    events.push(placed)
    const returns = new Map<string, number>()
    let stage = this.#template.process.stages[0]
    let at = placedAt
    for (let visits = 0; stage !== undefined && at <= now && visits < maxVisits; visits++) {
      const { department } = stage
      events.push(event('stage.entered', at, department === undefined ? {} : { department }, stage.code))
      if (stage.terminal === true) break
      const held = this.#holdOf(stage)
      if (held !== undefined && at + held.afterMs <= now) {
        events.push(event('order.held', at + held.afterMs, { reason: held.reason }))
        at += held.afterMs + held.forMs
        if (at > now) break
        events.push(event('order.resumed', at, {}))
      }
      at = this.#leftAt(stage, at)
      stage = this.#next(stage, returns)
    }
    return [placed, ...events.slice(1)]
  }

  #attributes(placedAt: number): EventData {
    const { sample, process } = this.#template
    const random = this.#random
    return {
      customer: random.pick(sample.customers),
      customerClass: random.chance(0.2) ? 'A' : 'B',
      product: random.pick(sample.products),
      amount: Math.round(random.logNormal(20_000, 1)),
      promisedAt: placedAt + Math.round((process.goals.leadTimeMs ?? days(30)) * random.between(0.85, 1.15)),
      ...(random.chance(urgentShare) && { priority: 'urgent' }),
    }
  }

  #holdOf({ holdReasons }: StageDefinition): { afterMs: number; forMs: number; reason: string } | undefined {
    if (holdReasons === undefined || !this.#random.chance(heldShare)) return undefined
    const { name, maxMs = days(2) } = holdReasons[this.#random.integer(0, holdReasons.length - 1)] ?? { name: {} }
    return {
      afterMs: Math.round(this.#random.between(hours(0.1), hours(1))),
      forMs: Math.round(maxMs * this.#random.between(0.05, 0.5)),
      reason: name['en'] ?? '',
    }
  }

  #leftAt({ code, calendar }: StageDefinition, from: number): number {
    const pace = this.#template.sample.pace[code]
    if (pace === undefined) return from
    const workingMs = Math.round(hours(this.#random.logNormal(pace.medianHours, pace.sigma ?? defaultSigma)))
    return this.#calendars.calendarOf(calendar, undefined).instantAfter(from, workingMs) ?? Infinity
  }

  /** Takes a path of the process with the probability given in the sample, else the following stage. */
  #next({ code }: StageDefinition, returns: Map<string, number>): StageDefinition | undefined {
    const { process, sample } = this.#template
    for (const { from, to, maxTimes = Infinity } of process.paths ?? []) {
      const path = `${from}>${to}`
      if (from !== code || !this.#random.chance(sample.paths[path] ?? 0)) continue
      const times = (returns.get(path) ?? 0) + 1
      if (times > maxTimes) continue
      returns.set(path, times)
      return this.#stages.get(to)
    }
    return process.stages[process.stages.findIndex((stage) => stage.code === code) + 1]
  }
}
