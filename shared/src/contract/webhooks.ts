import { z } from 'zod'
import { failing } from './field-issue.ts'
import { visibleName } from './visible-name.ts'

/** What a webhook can be told of. */
const webhookEvents = ['order.overdue', 'order.resolved', 'stage.bottleneck'] as const
const webhookEvent = z.enum(webhookEvents)
export type WebhookEvent = z.infer<typeof webhookEvent>

/** The body of `POST /api/v1/webhooks` and `PUT /api/v1/webhooks/:id`. */
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
  /** Every attempt since then has failed; left out: the last one has not. */
  failingSince: z.int().optional(),
  /** It was switched off because it kept failing; saving it as enabled switches it on again. */
  disabledAt: z.int().optional(),
  /** The secret of before a rotation signs as well until then. */
  previousSecretUntil: z.int().optional(),
  /** Belongs into `If-Match` of whoever changes it. */
  version: z.string(),
})
export type Webhook = z.infer<typeof webhook>

/** The answer of `GET /api/v1/webhooks`, the oldest first. */
export const webhookList = z.object({ webhooks: z.array(webhook) })

/** `secret` signs the messages. It is shown here and never again. */
export const webhookSecret = z.object({ id: z.string(), secret: z.string() })
export type WebhookSecret = z.infer<typeof webhookSecret>

export const webhookDelivery = z.object({
  /** `webhook-id` of the message. */
  id: z.string(),
  type: z.enum([...webhookEvents, 'webhook.test']),
  state: z.enum(['pending', 'delivered', 'failed']),
  /** Epoch ms, as the other instants. */
  createdAt: z.int(),
  attemptCount: z.int(),
  lastAttemptAt: z.int().optional(),
  /** Only while it is pending. */
  nextAttemptAt: z.int().optional(),
  /** HTTP status of the last answer; left out: there was none. */
  lastStatus: z.int().optional(),
  lastError: z.string().optional(),
})
export type WebhookDelivery = z.infer<typeof webhookDelivery>

export const deliveriesQuery = z.strictObject({
  site: z.string().optional(),
  /** From the answer that gave the page before. */
  cursor: z.string().max(100).optional(),
  limit: z
    .string()
    .refine((digits) => /^\d{1,3}$/.test(digits), 'must be a number from 1 to 200')
    .transform(Number)
    .pipe(z.int().min(1).max(200))
    .default(50)
    .meta({ type: 'integer', minimum: 1, maximum: 200, default: 50 }),
})

/** The answer of `GET /api/v1/webhooks/:id/deliveries`, the newest first. */
export const deliveryList = z.object({ deliveries: z.array(webhookDelivery), cursor: z.string().optional() })

/** What a request brings about that is carried out a moment later. */
export const deliveryQueued = z.object({ id: z.string() })
