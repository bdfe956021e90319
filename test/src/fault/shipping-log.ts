import type { EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'

const defaultBeginAt = Date.parse('2026-11-02T08:00:00+08:00')
const minuteMs = 60_000

const way: readonly (readonly [type: EventType, stage?: string])[] = [
  ['order.placed'],
  ['stage.entered', 'picking'],
  ['stage.started', 'picking'],
  ['order.held'],
  ['order.resumed'],
  ['stage.completed', 'picking'],
  ['stage.entered', 'packing'],
  ['note.added'],
  ['stage.entered', 'picking'],
  ['stage.entered', 'packing'],
  ['stage.completed', 'packing'],
  ['stage.completed', 'handover'],
  ['complaint.filed'],
]

/** Shipping orders with rework and holds; every fifth has a voided event. The events are not in chronological order. */
export function shippingLog(orderCount: number, beginAt = defaultBeginAt): OrderEvent[] {
  const events = Array.from({ length: orderCount }, (_, i) => orderEvents(i, beginAt)).flat()
  // 7919 is prime, so every event is taken exactly once.
  return events.map((_, i) => events[(i * 7919) % events.length]).filter((event) => event !== undefined)
}

function orderEvents(number: number, beginAt: number): OrderEvent[] {
  const order = `SO-${number}`
  const told = way.map(([type, stage], i): OrderEvent => {
    const occurredAt = beginAt + (number * 11 + i * (7 + (number % 13))) * minuteMs
    const event = { source: 'wms', id: `${order}-${i}`, type, order, occurredAt, data: {} }
    return stage === undefined ? event : { ...event, stage }
  })
  if (number % 5 !== 0) return told
  const data = { source: 'wms', id: `${order}-8` }
  return [...told, { source: 'erp', id: `${order}-void`, type: 'event.voided', order, occurredAt: beginAt, data }]
}
