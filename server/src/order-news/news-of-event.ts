import type { CustomerNewsSettings } from '@stagewatch/shared/contract/customer-news.ts'
import { deskSource } from '@stagewatch/shared/domain/order-event.ts'
import type { EventData, EventType } from '@stagewatch/shared/domain/order-event.ts'

/** What followers of an order are notified of. */
const followedKinds = ['entered', 'held', 'resumed', 'completed', 'cancelled'] as const
export type FollowedNews = (typeof followedKinds)[number]
/** What single people are notified of. */
const ownKinds = ['mentioned', 'assigned'] as const
export type OwnNews = (typeof ownKinds)[number]
export type News = FollowedNews | OwnNews

/** See `JobQueue.knows`. */
export function isNews(news: string): news is News {
  return [...followedKinds, ...ownKinds].some((known) => known === news)
}

/** What customers are notified of; a stage that was entered is named. Each order has every piece of news only once. */
const customerKinds = ['placed', 'held', 'completed', 'cancelled'] as const
export type CustomerNews = (typeof customerKinds)[number] | `entered:${string}`

/** See `JobQueue.knows`. */
export function isCustomerNews(news: string): news is CustomerNews {
  return news.startsWith('entered:') || customerKinds.some((known) => known === news)
}

interface ReadEvent {
  readonly source: string
  readonly type: EventType
  readonly data: EventData
}

/** What an event means for the followers of its order. Undefined: nothing. */
export function followedNews({ type, data }: Pick<ReadEvent, 'type' | 'data'>): FollowedNews | undefined {
  switch (type) {
    case 'stage.entered':
      return 'entered'
    case 'order.held':
      return data['changesHold'] === true ? undefined : 'held'
    case 'order.resumed':
      return 'resumed'
    case 'order.completed':
      return 'completed'
    case 'order.cancelled':
      return 'cancelled'
    default:
      return undefined
  }
}

/**
 * What an event may mean for the customer of its order; whether it is the first one of the order, and the order follows
 * the process of the stage, is not known from the event alone.
 */
export function customerNewsOf(
  event: Pick<ReadEvent, 'type' | 'data'> & { readonly stage: string | null },
  settings: CustomerNewsSettings,
): CustomerNews[] {
  const isStage = event.type === 'stage.entered'
  const found: CustomerNews[] = []
  if (settings.placed && (isStage || event.type === 'order.placed')) found.push('placed')
  const news = followedNews(event)
  if (news === 'held' || news === 'completed' || news === 'cancelled') {
    if (settings[news]) found.push(news)
  }
  const { stage } = event
  if (isStage && stage !== null && settings.stages.some((one) => one.stage === stage)) found.push(`entered:${stage}`)
  return found
}

/** Ids of the people whom a comment on the desk mentions. */
export function mentionedPeople({ source, type, data }: ReadEvent): string[] {
  const { mentions } = data
  if (source !== deskSource || type !== 'note.added' || !Array.isArray(mentions)) return []
  return mentions.flatMap((one: unknown) =>
    typeof one === 'object' && one !== null && 'id' in one && typeof one.id === 'string' ? [one.id] : [],
  )
}

/** The name of the person to whom somebody on the desk has assigned the order. Other systems assign by the thousand. */
export function assignedOwner({ source, type, data }: ReadEvent): string | undefined {
  const { owner } = data
  return source === deskSource && type === 'order.assigned' && typeof owner === 'string' ? owner : undefined
}

/** Id of the person who did it on the desk; nobody is notified of what they did themselves. */
export function authorOf({ source, data }: Pick<ReadEvent, 'source' | 'data'>): string | undefined {
  const { personId } = data
  return source === deskSource && typeof personId === 'string' ? personId : undefined
}
