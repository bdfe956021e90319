import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { AppendOutcome, HashedEvent } from '../log/append-events.ts'
import type { Rejection } from './parse/verdict.ts'
import type { RejectedEvent } from './save-quarantine.ts'

interface Refused {
  readonly rejection: Rejection
  readonly raw: unknown
}

/** An event that the log is asked to take, or why it is not. */
export type JudgedItem =
  | ({ readonly index: number; readonly ok: true; readonly raw: unknown } & HashedEvent)
  | ({ readonly index: number; readonly ok: false } & Refused)

/** What became of one event. */
export type ConcludedItem =
  | { readonly index: number; readonly status: 'accepted'; readonly event: OrderEvent }
  | { readonly index: number; readonly status: 'duplicate' }
  | ({ readonly index: number; readonly status: 'rejected' } & Refused)

const conflict: Rejection = {
  code: 'conflict',
  field: 'id',
  message: 'an event with this source and id and other content is in the log',
}

/** @param outcomes one for each admitted item of all submissions, in order. */
export function conclude(
  judged: readonly (readonly JudgedItem[])[],
  outcomes: readonly AppendOutcome[],
): ConcludedItem[][] {
  let next = 0
  return judged.map((items) =>
    items.map((item): ConcludedItem => {
      const { index } = item
      if (!item.ok) return { index, status: 'rejected', rejection: item.rejection, raw: item.raw }
      const outcome = outcomes[next++]
      if (outcome === 'accepted') return { index, status: 'accepted', event: item.event }
      if (outcome === 'duplicate') return { index, status: 'duplicate' }
      return { index, status: 'rejected', rejection: conflict, raw: item.raw }
    }),
  )
}

export function answerOf(items: readonly ConcludedItem[], position: string): EventsAnswer {
  const count = (status: ConcludedItem['status']) =>
    items.reduce((sum, item) => (item.status === status ? sum + 1 : sum), 0)
  return {
    accepted: count('accepted'),
    duplicate: count('duplicate'),
    rejected: count('rejected'),
    results: items.map((item) =>
      item.status === 'rejected'
        ? { index: item.index, status: item.status, ...item.rejection }
        : { index: item.index, status: item.status },
    ),
    position,
  }
}

/** What goes into quarantine. */
export function rejectedOf(
  submissions: readonly { readonly sender: string }[],
  concluded: readonly (readonly ConcludedItem[])[],
): RejectedEvent[] {
  return submissions.flatMap(({ sender }, i) =>
    (concluded[i] ?? []).flatMap((item) =>
      item.status === 'rejected' ? [{ sender, ...item.rejection, raw: item.raw }] : [],
    ),
  )
}
