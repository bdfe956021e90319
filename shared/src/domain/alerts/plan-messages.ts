import type { Severity } from './alert-rule.ts'
import { severities } from './alert-rule.ts'

/** A pending notification. */
export interface Notice {
  readonly id: number
  readonly severity: Severity
  /** Notices with the same group share a message: the rule and the place. */
  readonly group: string
}

/** The content of one message; `digest`: notices of several groups, because the limit of messages is reached. */
export interface PlannedMessage<N extends Notice> {
  readonly kind: 'group' | 'digest'
  readonly severity: Severity
  readonly notices: readonly N[]
}

export interface MessagePlan<N extends Notice> {
  readonly messages: readonly PlannedMessage<N>[]
  /** When the remaining notices have to be planned again, epoch ms. Undefined: none remain. */
  readonly againAt?: number
}

/** Limits on the messages to one recipient. Instants are epoch ms. */
export interface ReceiverLimits {
  /** Until then only critical notices are sent. Undefined: no restriction. */
  readonly quietUntil?: number
  /** Until then not even critical notices are sent. */
  readonly silentUntil?: number
  /** Maximum number of non-critical messages per hour. */
  readonly maxPerHour: number
  /** Times of the messages sent in the last hour, ascending. */
  readonly sentAt: readonly number[]
}

const hourMs = 3_600_000

/**
 * Combines notices into messages: one per group, most severe first. Critical notices are always sent. For the rest, the
 * last message that the hourly limit allows contains all remaining notices, so that none is delayed by a flood and none
 * is dropped.
 */
export function planMessages<N extends Notice>(
  notices: readonly N[],
  { quietUntil, silentUntil, maxPerHour, sentAt }: ReceiverLimits,
  now: number,
): MessagePlan<N> {
  if (notices.length > 0 && silentUntil !== undefined && silentUntil > now)
    return { messages: [], againAt: silentUntil }
  const groups = [...Map.groupBy(notices, ({ group }) => group).values()]
    .map((members): PlannedMessage<N> => ({ kind: 'group', severity: worst(members), notices: members }))
    .toSorted((a, b) => rank(a.severity) - rank(b.severity) || firstId(a) - firstId(b))
  const critical = groups.filter(({ severity }) => severity === 'critical')
  const others = groups.slice(critical.length)
  if (others.length === 0) return { messages: critical }
  if (quietUntil !== undefined && quietUntil > now) return { messages: critical, againAt: quietUntil }
  const recent = sentAt.filter((at) => at > now - hourMs)
  const left = maxPerHour - recent.length - critical.length
  if (left >= others.length) return { messages: [...critical, ...others] }
  if (left >= 1) return { messages: [...critical, ...others.slice(0, left - 1), digestOf(others.slice(left - 1))] }
  // The hourly limit frees up when the oldest message that counts towards it is an hour old.
  const filling = [...recent, ...critical.map(() => now)].at(-maxPerHour) ?? now
  return { messages: critical, againAt: filling + hourMs }
}

function digestOf<N extends Notice>(groups: readonly PlannedMessage<N>[]): PlannedMessage<N> {
  const notices = groups.flatMap((group) => group.notices)
  return { kind: 'digest', severity: worst(notices), notices }
}

function worst(notices: readonly Notice[]): Severity {
  return severities.find((severity) => notices.some((notice) => notice.severity === severity)) ?? 'info'
}

function rank(severity: Severity): number {
  return severities.indexOf(severity)
}

function firstId({ notices }: PlannedMessage<Notice>): number {
  return Math.min(...notices.map(({ id }) => id))
}
