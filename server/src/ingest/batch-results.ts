import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { AppendOutcome, HashedEvent } from '../log/append-events.ts'
import type { Rejection } from './parse/validation.ts'
import type { RejectedEvent } from './quarantine/save-quarantine.ts'

interface Refused {
  readonly rejection: Rejection
  readonly raw: unknown
  /** Undefined if the input is not an event. */
  readonly event?: OrderEvent
}

/** An event to append to the log, or the reason why it is rejected. */
export type ValidatedItem = {
  readonly index: number
  /** Quarantine row that the event is retried from; undefined if it was just submitted. */
  readonly quarantineId?: number
} & (({ readonly ok: true; readonly raw: unknown } & HashedEvent) | ({ readonly ok: false } & Refused))

/** Outcome of one event. */
export type EventOutcome = { readonly index: number; readonly quarantineId?: number } & (
  | { readonly status: 'accepted'; readonly event: OrderEvent; readonly restated?: true }
  | { readonly status: 'duplicate'; readonly restated?: true }
  | ({ readonly status: 'rejected' } & Refused)
)

/** Outcome of an event because of orders whose events are archived. */
export type ArchivedOutcome =
  | { readonly status: 'duplicate'; readonly restated?: true }
  | { readonly rejection: Rejection }

export const conflict: Rejection = {
  code: 'conflict',
  field: 'id',
  message: 'the log has an event with this source and id but different content',
}

/** @param outcomes one per admitted item of all submissions, in order. */
export function toResults(
  judged: readonly (readonly ValidatedItem[])[],
  outcomes: readonly AppendOutcome[],
): EventOutcome[][] {
  let next = 0
  return judged.map((items) =>
    items.map((item): EventOutcome => {
      const { index, quarantineId } = item
      const place = quarantineId === undefined ? { index } : { index, quarantineId }
      if (!item.ok) return refusedItem(place, item, item.rejection)
      const outcome = outcomes[next++]
      if (outcome === 'accepted') return { ...place, status: 'accepted', event: item.event }
      if (outcome === 'duplicate') return { ...place, status: 'duplicate' }
      if (outcome === 'restated') return { ...place, status: 'duplicate', restated: true }
      return refusedItem(place, item, conflict)
    }),
  )
}

/** Replaces the outcome of accepted events that the process of their order turned out not to accept. */
export function withRejections(
  outcomes: readonly (readonly EventOutcome[])[],
  judged: readonly (readonly ValidatedItem[])[],
  rejected: ReadonlyMap<string, Rejection>,
): readonly (readonly EventOutcome[])[] {
  if (rejected.size === 0) return outcomes
  return outcomes.map((items, i) =>
    items.map((item, j): EventOutcome => {
      if (item.status !== 'accepted') return item
      const rejection = rejected.get(eventIdentity(item.event.source, item.event.id))
      const { event, status: _, ...place } = item
      return rejection === undefined ? item : refusedItem(place, { event, raw: judged[i]?.[j]?.raw }, rejection)
    }),
  )
}

/**
 * Replaces the outcome of events that would have been accepted if archived orders were unknown.
 * @param archived by identity.
 */
export function withArchived(
  outcomes: readonly (readonly EventOutcome[])[],
  judged: readonly (readonly ValidatedItem[])[],
  archived: ReadonlyMap<string, ArchivedOutcome>,
): readonly (readonly EventOutcome[])[] {
  if (archived.size === 0) return outcomes
  return outcomes.map((items, i) =>
    items.map((item, j): EventOutcome => {
      if (item.status !== 'accepted') return item
      const { event, status: _, ...place } = item
      const outcome = archived.get(eventIdentity(event.source, event.id))
      if (outcome === undefined) return item
      if ('rejection' in outcome) return refusedItem(place, { event, raw: judged[i]?.[j]?.raw }, outcome.rejection)
      return { ...place, ...outcome }
    }),
  )
}

/**
 * Replaces the outcome of duplicates whose stored event counts again.
 * @param restored identities of these events.
 */
export function withRestored(
  outcomes: readonly (readonly EventOutcome[])[],
  judged: readonly (readonly ValidatedItem[])[],
  restored: ReadonlySet<string>,
): readonly (readonly EventOutcome[])[] {
  if (restored.size === 0) return outcomes
  return outcomes.map((items, i) =>
    items.map((item, j): EventOutcome => {
      const sent = judged[i]?.[j]
      if (item.status !== 'duplicate' || sent?.ok !== true) return item
      const { event } = sent
      return restored.has(eventIdentity(event.source, event.id)) ? { ...item, status: 'accepted', event } : item
    }),
  )
}

function refusedItem(
  place: { readonly index: number; readonly quarantineId?: number },
  { raw, event }: { readonly raw: unknown; readonly event?: OrderEvent },
  rejection: Rejection,
): EventOutcome {
  return { ...place, status: 'rejected', rejection, raw, ...(event !== undefined && { event }) }
}

export function answerOf(items: readonly EventOutcome[], position: string): EventsAnswer {
  const count = (status: EventOutcome['status']) =>
    items.reduce((sum, item) => (item.status === status ? sum + 1 : sum), 0)
  return {
    accepted: count('accepted'),
    duplicate: count('duplicate'),
    rejected: count('rejected'),
    results: items.map((item) =>
      item.status === 'rejected'
        ? { index: item.index, status: item.status, ...item.rejection }
        : { index: item.index, status: item.status, ...(item.restated && { restated: true }) },
    ),
    position,
  }
}

/** Events to quarantine. */
export function rejectedOf(
  submissions: readonly { readonly sender: string }[],
  outcomes: readonly (readonly EventOutcome[])[],
): RejectedEvent[] {
  return submissions.flatMap(({ sender }, i) =>
    (outcomes[i] ?? []).flatMap((item) =>
      item.status === 'rejected' && item.quarantineId === undefined
        ? [{ sender, ...item.rejection, raw: item.raw, event: item.event }]
        : [],
    ),
  )
}

/** Quarantine rows whose events are in the log now. */
export function releasedOf(outcomes: readonly (readonly EventOutcome[])[]): number[] {
  return outcomes.flatMap((items) =>
    items.flatMap(({ quarantineId, status }) =>
      quarantineId === undefined || status === 'rejected' ? [] : [quarantineId],
    ),
  )
}
