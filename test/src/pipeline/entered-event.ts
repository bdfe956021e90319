import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { submitEvents } from '../harness/open-site.ts'

/** The time of the events of these tests, and of the clock. */
export const now = Date.parse('2026-11-20T09:00:00+08:00')

export function entered(id: string, rest: Partial<OrderEvent> = {}): OrderEvent {
  return {
    source: 'wms',
    id,
    type: 'stage.entered',
    order: 'SO-1',
    stage: 'picking',
    occurredAt: now,
    data: {},
    ...rest,
  }
}

export function note(id: string, order: string, occurredAt: number): OrderEvent {
  return { ...withoutStage(entered(id, { order, occurredAt })), type: 'note.added' }
}

export function withoutStage({ stage: _, ...event }: OrderEvent): OrderEvent {
  return event
}

/** The result of each event: accepted, duplicate, or the code of its rejection. */
export async function statuses(pipeline: SitePipeline, ...events: OrderEvent[]): Promise<string[]> {
  const { results } = await submitEvents(pipeline, events)
  return results.map((result) => (result.status === 'rejected' ? result.code : result.status))
}
