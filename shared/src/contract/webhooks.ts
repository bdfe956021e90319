import { z } from 'zod'
import { limitUpTo } from './query-parameters.ts'
import { failing } from './field-issue.ts'
import { visibleName } from './names.ts'

/** Events for which a webhook can be called. */
const webhookEvents = ['order.overdue', 'order.resolved', 'stage.bottleneck'] as const
const webhookEvent = z.enum(webhookEvents)
export type WebhookEvent = z.infer<typeof webhookEvent>

/** Request body of `POST /api/v1/webhooks` and `PUT /api/v1/webhooks/:id`. */
export const webhookRequest = z.strictObject({
  name: visibleName(100),
  url: z
    .string()
    .max(2_000)
    .refine((text) => URL.canParse(text), failing('not_url', 'must be an address such as https://example.com/hook')),
  events: z
    .array(webhookEvent)
    .min(1)
    .max(webhookEvents.length)
    .transform((events) => webhookEvents.filter((event) => events.includes(event))),
  /** False: nothing is sent. */
  enabled: z.boolean().default(true),
})
export type WebhookRequest = z.infer<typeof webhookRequest>

/** Instants are epoch ms. */
export const webhook = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  events: z.array(webhookEvent),
  enabled: z.boolean(),
  createdAt: z.int(),
  /** Every attempt since then has failed. Undefined: the last one succeeded. */
  failingSince: z.int().optional(),
  /** It was disabled because it kept failing; saving it as enabled enables it again. */
  disabledAt: z.int().optional(),
  /** The secret used before a rotation also signs messages until then. */
  previousSecretUntil: z.int().optional(),
  /** Sent as `If-Match` when changing it. */
  version: z.string(),
})
export type Webhook = z.infer<typeof webhook>

/** Response of `GET /api/v1/webhooks`, oldest first. */
export const webhookList = z.object({ webhooks: z.array(webhook) })

/** `secret` signs the messages. It is returned only here. */
export const webhookSecret = z.object({ id: z.string(), secret: z.string() })
export type WebhookSecret = z.infer<typeof webhookSecret>

export const webhookDelivery = z.object({
  /** `webhook-id` of the message. */
  id: z.string(),
  type: z.enum([...webhookEvents, 'webhook.test']),
  state: z.enum(['pending', 'delivered', 'failed']),
  /** Epoch ms, as are the other instants. */
  createdAt: z.int(),
  attemptCount: z.int(),
  lastAttemptAt: z.int().optional(),
  /** Only while it is pending. */
  nextAttemptAt: z.int().optional(),
  /** HTTP status of the last response. Undefined: there was none. */
  lastStatus: z.int().optional(),
  lastError: z.string().optional(),
})
export type WebhookDelivery = z.infer<typeof webhookDelivery>

export const deliveriesQuery = z.strictObject({
  site: z.string().optional(),
  /** Taken from the response with the previous page. */
  cursor: z.string().max(100).optional(),
  limit: limitUpTo(200, 50),
})

/** Response of `GET /api/v1/webhooks/:id/deliveries`, newest first. */
export const deliveryList = z.object({ deliveries: z.array(webhookDelivery), cursor: z.string().optional() })

/** Response of a request whose delivery is carried out a moment later. */
export const deliveryQueued = z.object({ id: z.string() })
