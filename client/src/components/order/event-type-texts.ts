import type { LoggedEvent } from '@stagewatch/shared/contract/orders.ts'

/** Text keys by event type. A map is needed because text keys must not contain the dots of event types. */
export const eventTypeTexts = {
  'order.placed': 'order.event.placed',
  'order.changed': 'order.event.changed',
  'stage.entered': 'order.event.entered',
  'stage.started': 'order.event.started',
  'stage.completed': 'order.event.left',
  'order.assigned': 'order.event.assigned',
  'order.acknowledged': 'order.event.acknowledged',
  'order.held': 'order.event.held',
  'order.resumed': 'order.event.resumed',
  'order.completed': 'order.event.completed',
  'order.cancelled': 'order.event.cancelled',
  'complaint.filed': 'order.event.complaint',
  'note.added': 'order.event.note',
  'position.reported': 'order.event.position',
  'event.voided': 'order.event.voided',
} as const satisfies Record<LoggedEvent['type'], string>
