/** Every kind of event that the log accepts. The past tense says: it has happened, the log only records it. */
export const eventTypes = [
  'order.placed',
  'order.changed',
  'stage.entered',
  'stage.started',
  'stage.completed',
  'order.held',
  'order.resumed',
  'order.assigned',
  'order.acknowledged',
  'order.completed',
  'order.cancelled',
  'complaint.filed',
  'note.added',
  'position.reported',
  'event.voided',
] as const

export type EventType = (typeof eventTypes)[number]

export type StageEventType = 'stage.entered' | 'stage.started' | 'stage.completed'

/**
 * Something that happened to one order, in the one form that all sources are turned into.
 * Identity is `(source, id)`; `sequence` orders events of the same instant and is no part of the content.
 */
export interface OrderEvent {
  readonly source: string
  readonly id: string
  readonly type: EventType
  readonly order: string
  /** Present on stage events only. */
  readonly stage?: string
  /** Epoch ms by the source's clock. */
  readonly occurredAt: number
  /** Who did it, as the source names them. */
  readonly actor?: string
  /** The source's own order of events, a non-negative safe integer; undefined sorts after every number. */
  readonly sequence?: number
  /** Attributes that came with the event, see `order-facts.ts`; unknown fields are kept and ignored. */
  readonly data: EventData
}

/** Under which the log keeps what people do from pages and commands of the product. */
export const deskSource = 'desk'

export type EventData = Readonly<Record<string, unknown>>

export function isStageEvent(type: EventType): type is StageEventType {
  return type === 'stage.entered' || type === 'stage.started' || type === 'stage.completed'
}
