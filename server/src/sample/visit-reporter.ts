import type { Agenda } from './agenda.ts'
import { isStageEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { EventData, EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { EventWriter } from './event-writer.ts'
import { stageAfter } from './plant-definition.ts'
import { isCurrent } from './plant-order.ts'
import type { PlantVisit } from './plant-order.ts'
import { minuteMs } from './plant-time.ts'
import type { RandomSource } from './random-source.ts'
import { stagePlans } from './stage-plan.ts'

/** Reports the events of a visit through the stage's source, on behalf of the owner of the order. */
export class VisitReporter {
  readonly #agenda: Agenda
  readonly #writer: EventWriter
  readonly #random: RandomSource

  constructor(agenda: Agenda, writer: EventWriter, random: RandomSource) {
    this.#agenda = agenda
    this.#writer = writer
    this.#random = random
  }

  report(visit: PlantVisit, type: EventType, data: EventData = {}, stage = visit.stage): OrderEvent {
    const { source, department } = stagePlans[visit.stage]
    const { order, owner } = visit
    return this.#writer.write(source, type, order.number, {
      ...(isStageEvent(type) && { stage }),
      ...(owner !== undefined && { actor: owner }),
      data: isStageEvent(type) ? { department: department.name, ...waybillAt(stage, order.number), ...data } : data,
    })
  }

  /** Enters the next stage for this order by mistake, and corrects it. */
  mistypeWithin(visit: PlantVisit, durationMs: number): void {
    const next = stageAfter(visit.stage)
    if (next === undefined) return
    this.#agenda.after(this.#random.between(0.1, 0.5) * durationMs, () => {
      if (!isCurrent(visit)) return
      const { source, id } = this.report(visit, 'stage.entered', {}, next)
      this.#agenda.after(this.#random.integer(3, 25) * minuteMs, () =>
        this.report(visit, 'event.voided', { source, id, reason: '录错订单号' }),
      )
    })
  }
}

/** The carrier identifies the order by its own number. */
function waybillAt(stage: PlantVisit['stage'], order: string): { readonly waybill?: string } {
  return stage === 'transit' ? { waybill: `SF10${order.replaceAll(/\D/g, '')}` } : {}
}
