let number = 0

/** An event as a source sends it, with an order and an id of its own. */
export function someEvent(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  number += 1
  return {
    source: 'wms',
    id: `e-${number}`,
    type: 'stage.entered',
    order: `SO-${number}`,
    stage: 'packing',
    occurredAt: '2026-11-22T08:15:00+08:00',
    ...more,
  }
}

/** The same event as a CloudEvent. */
export function someCloudEvent(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const { source, id, type, order, stage, occurredAt } = someEvent()
  return { specversion: '1.0', source, id, type, subject: order, time: occurredAt, data: { stage }, ...more }
}
