import type { EventData, EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { Agenda } from './agenda.ts'
import type { SourceCode } from './plant-definition.ts'
import { minuteMs } from './plant-time.ts'
import type { RandomSource } from './random-source.ts'
import type { ReportDelay } from './report-delay.ts'
import { TimeHeap } from './time-heap.ts'

/** An event and the time at which its source reports it, epoch ms, never before it happened. */
export interface SampleReport {
  readonly reportedAt: number
  readonly event: OrderEvent
}

/** Share of events that sources send twice because an answer got lost. */
const resentRatio = 0.004

/** Turns what happens in the plant into events of its sources, and keeps them until they are reported. */
export class EventWriter {
  readonly #agenda: Agenda
  readonly #delay: ReportDelay
  readonly #random: RandomSource
  readonly #outbox = new TimeHeap<SampleReport>()
  readonly #written = new Map<SourceCode, number>()

  constructor(agenda: Agenda, delay: ReportDelay, random: RandomSource) {
    this.#agenda = agenda
    this.#delay = delay
    this.#random = random
  }

  /** `Infinity` while there is nothing to report. */
  get nextAt(): number {
    return this.#outbox.nextAt
  }

  take(): SampleReport | undefined {
    return this.#outbox.take()
  }

  /** Records an event that happens now. */
  write(
    source: SourceCode,
    type: EventType,
    order: string,
    what: { stage?: string; actor?: string; data?: EventData },
  ): OrderEvent {
    const sequence = (this.#written.get(source) ?? 0) + 1
    this.#written.set(source, sequence)
    const occurredAt = this.#agenda.now
    const { data = {}, ...rest } = what
    const id = `${source}-${String(sequence).padStart(6, '0')}`
    const event: OrderEvent = { source, id, type, order, occurredAt, sequence, ...rest, data }
    const reportedAt = this.#delay.reportedAt(source, occurredAt)
    this.#outbox.add(reportedAt, { reportedAt, event })
    if (this.#random.chance(resentRatio)) this.#resend(source, event, reportedAt)
    return event
  }

  #resend(source: SourceCode, event: OrderEvent, reportedAt: number): void {
    this.#agenda.at(reportedAt + this.#random.integer(1, 20) * minuteMs, () => {
      const againAt = this.#delay.reportedAt(source, this.#agenda.now)
      this.#outbox.add(againAt, { reportedAt: againAt, event })
    })
  }
}
