import { z } from 'zod'
import { limitUpTo } from './query-parameters.ts'
import { severities } from './messages.ts'

/**
 * `queued` waits for its turn; `sending` is being sent; `sent` was handed to a channel that does not report the
 * outcome; `accepted` was accepted according to the response; `refused` is a permanent failure; `retried` failed and is
 * tried again; `gave-up` failed too often.
 */
export const messageStates = ['queued', 'sending', 'sent', 'accepted', 'refused', 'retried', 'gave-up'] as const
export type MessageState = (typeof messageStates)[number]

/**
 * Why a message was not accepted, which says what has to be corrected: `keyword` and `ip-address` are security settings
 * of a robot; `removed` is a robot, application or address that no longer exists; `quota` is used up for the day or not
 * paid for; `unknown-code` is not among the codes that this version knows.
 */
export const failureCauses = [
  'credentials',
  'signature',
  'keyword',
  'ip-address',
  'permission',
  'recipient',
  'content',
  'template',
  'removed',
  'quota',
  'rate-limit',
  'busy',
  'unknown-code',
  'not-the-provider',
  'unreachable',
  'timeout',
  'private-address',
  'no-mail-server',
] as const
export type FailureCause = (typeof failureCauses)[number]

/** One attempt to send a message, alone or merged with others. */
export const messageAttempt = z.object({
  /** Epoch ms. */
  at: z.int(),
  result: z.enum(['sent', 'accepted', 'refused', 'retried', 'gave-up']),
  /** Number of messages that were sent as one. */
  merged: z.int(),
  /** Reason of the failure: the message of the provider, or in English. */
  reason: z.string().optional(),
  /** Undefined if it is not known, or if the attempt did not fail. */
  cause: z.enum(failureCauses).optional(),
  /** Error code of the provider. */
  code: z.string().optional(),
  /** HTTP status, or code of the SMTP reply. */
  status: z.int().optional(),
  /** Start of the receiver's response, without secrets. */
  answer: z.string().optional(),
})
export type MessageAttempt = z.infer<typeof messageAttempt>

/** A message in the delivery log. Instants are epoch ms. */
export const loggedMessage = z.object({
  id: z.string(),
  channelId: z.string(),
  /** Undefined if the channel has been deleted. */
  channelName: z.string().optional(),
  /** An address, a number or an account; empty if the channel has a fixed destination. */
  recipient: z.string(),
  state: z.enum(messageStates),
  severity: z.enum(severities),
  title: z.string(),
  orders: z.array(z.string()),
  createdAt: z.int(),
  nextAttemptAt: z.int().optional(),
  /** Newest last. */
  attempts: z.array(messageAttempt),
  /** Id that the provider assigned to the message. */
  providerId: z.string().optional(),
  /** Id of the message that could not be delivered and that this one replaces. */
  fallbackOf: z.string().optional(),
})
export type LoggedMessage = z.infer<typeof loggedMessage>

export const messagesQuery = z.strictObject({
  site: z.string().optional(),
  state: z.enum(messageStates).optional(),
  channel: z.string().max(64).optional(),
  /** Exact order number. */
  order: z.string().max(200).optional(),
  /** Taken from the response with the previous page. */
  cursor: z.string().max(100).optional(),
  limit: limitUpTo(200, 50),
})
export type MessagesQuery = z.infer<typeof messagesQuery>

/** Response of `GET /api/v1/messages`, newest first. */
export const messageLog = z.object({ messages: z.array(loggedMessage), cursor: z.string().optional() })
