import type { MentionedPerson, OrderAction } from '@stagewatch/shared/contract/order-action.ts'
import { deskSource } from '@stagewatch/shared/domain/order-event.ts'
import type { EventData, EventType } from '@stagewatch/shared/domain/order-event.ts'
import type { Caller } from '../access/caller.ts'
import type { ActContext, DeskEvent } from './desk-events.ts'

interface SaidAction {
  readonly id: string
  readonly order: string
  readonly action: OrderAction
  /** People whom the comment mentions. */
  readonly mentions?: readonly MentionedPerson[]
  /** Time of the action, epoch ms; undefined means now. */
  readonly at?: number
}

/** The event that describes the action of a person. */
export function actionEvent(
  { id, order, action, mentions = [], at }: SaidAction,
  caller: Pick<Caller, 'id'>,
  { clock, personName }: Pick<ActContext, 'clock' | 'personName'>,
): DeskEvent {
  const { type, data } = saidBy(action, personName)
  const mentioned = mentions.length > 0 && { mentions }
  return {
    source: deskSource,
    id,
    type,
    order,
    occurredAt: new Date(at ?? clock.now()).toISOString(),
    actor: personName,
    data: { ...data, ...mentioned, ...(caller.id !== undefined && { personId: caller.id }) },
  }
}

function saidBy(action: OrderAction, personName: string): { readonly type: EventType; readonly data: EventData } {
  switch (action.action) {
    case 'claim':
      return { type: 'order.assigned', data: { owner: personName } }
    case 'assign':
      return { type: 'order.assigned', data: withReason({ owner: action.owner }, action.reason) }
    case 'acknowledge':
      return { type: 'order.acknowledged', data: {} }
    case 'explain':
      return { type: 'note.added', data: { reason: action.reason } }
    case 'comment':
      return { type: 'note.added', data: { comment: action.comment } }
    case 'hold':
      return { type: 'order.held', data: holdData(action) }
    case 'changeHold':
      return { type: 'order.held', data: { ...holdData(action), changesHold: true } }
    case 'resume':
      return { type: 'order.resumed', data: withReason({}, action.reason) }
    case 'start':
      return { type: 'stage.started', data: {} }
    case 'finish':
      return { type: 'stage.completed', data: {} }
    case 'complete':
      return { type: 'order.completed', data: withReason({}, action.reason) }
    case 'cancel':
      return { type: 'order.cancelled', data: { reason: action.reason } }
  }
}

function holdData({ reason, until }: { readonly reason: string; readonly until?: number | undefined }): EventData {
  return { reason, ...(until !== undefined && { until: new Date(until).toISOString() }) }
}

function withReason(data: EventData, reason: string | undefined): EventData {
  return reason === undefined ? data : { ...data, reason }
}
