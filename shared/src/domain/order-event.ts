/**
 * Every kind of event that the log accepts. They are in the past tense because the log records what has already
 * happened.
 */
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
 * Something that happened to one order, in the common format to which all sources are converted. Its identity is
 * `(source, id)`; `sequence` orders events of the same instant and is not part of the content.
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
  /** Who did it, as named by the source. */
  readonly actor?: string
  /** The source's own order of events, a non-negative safe integer; undefined sorts after every number. */
  readonly sequence?: number
  /** Attributes that came with the event, see `order-facts.ts`; unknown fields are kept and ignored. */
  readonly data: EventData
}

/** Source of the events that people cause through pages and commands of the product. */
export const deskSource = 'desk'

export type EventData = Readonly<Record<string, unknown>>

/** Whether an event other than a stage event may name a stage, to select one of several concurrent activities. */
export function mayNameActivity(type: EventType): boolean {
  return type === 'order.assigned' || type === 'order.acknowledged' || type === 'note.added'
}

export function isStageEvent(type: EventType): type is StageEventType {
  return type === 'stage.entered' || type === 'stage.started' || type === 'stage.completed'
}
