import { z } from 'zod'
import { languages } from '../domain/locales.ts'

/** Most severe first. `resolved` reports that a problem is over. */
export const severities = ['critical', 'warning', 'info', 'resolved'] as const
export type Severity = (typeof severities)[number]

/** The content of a message, independent of the channel. */
export const channelMessage = z.strictObject({
  severity: z.enum(severities),
  title: z.string().min(1).max(200),
  /** Plain text, one entry per line. */
  lines: z.array(z.string().min(1).max(500)).max(20),
  /** Path of the page with details, such as `/orders/SO-1042`; it is sent with the public address as prefix. */
  link: z
    .string()
    .regex(/^\/(?!\/)/)
    .max(2_000),
  /** Language of the title and the lines, and of any text added to them. */
  language: z.enum(languages),
  /** All orders that the message is about. */
  orders: z.array(z.string().min(1).max(200)).max(1_000),
  /** Each channel sends a message with the same key to a recipient only once. */
  dedupeKey: z.string().min(1).max(300),
  /**
   * A mail to a customer, who cannot sign in: it contains the title and the lines only, is never merged with others,
   * and `link` is where the recipient stops such mails.
   */
  isForCustomer: z.literal(true).optional(),
})
export type ChannelMessage = z.infer<typeof channelMessage>

/** A message in somebody's message centre. */
const inboxMessage = z.object({
  id: z.string(),
  severity: z.enum(severities),
  title: z.string(),
  lines: z.array(z.string()),
  link: z.string(),
  orders: z.array(z.string()),
  /** Epoch ms. */
  createdAt: z.int(),
  read: z.boolean(),
})

/** Response of `GET /api/v1/inbox`: the newest messages, newest first, and the total number of unread ones. */
export const inbox = z.object({ unreadCount: z.int(), messages: z.array(inboxMessage) })
export type Inbox = z.infer<typeof inbox>

/** Request body of `POST /api/v1/inbox/read`; without ids all messages are marked as read. */
export const inboxRead = z.strictObject({ ids: z.array(z.string().max(64)).max(200).optional() })

/** Bytes as `PushSubscription.toJSON()` encodes them: Base64url. */
const pushKey = (length: number) =>
  z
    .string()
    .regex(/^[\w-]+={0,2}$/)
    .max(length)

/** Request body of `POST /api/v1/push-subscriptions`, as returned by `PushSubscription.toJSON()` of a browser. */
export const pushSubscription = z.object({
  endpoint: z.url({ protocol: /^https?$/ }).max(2_000),
  keys: z.object({ p256dh: pushKey(120), auth: pushKey(40) }),
})
export type PushSubscriptionRequest = z.infer<typeof pushSubscription>

/** Response of `GET /api/v1/push-subscriptions`. */
export const pushSettings = z.object({
  /** For `pushManager.subscribe`. Undefined: push is not configured on this server. */
  publicKey: z.string().optional(),
  /** Endpoints of the caller, without their secrets. */
  endpoints: z.array(z.object({ id: z.string(), origin: z.string(), createdAt: z.int() })),
})
