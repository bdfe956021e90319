import { z } from 'zod'
import { languages } from '../domain/locales.ts'
import { failing } from './field-issue.ts'

/** Maximum number of mails to one address per site and 24 h. */
export const maxMailsPerDay = 20
/** Maximum number of stages whose entry is reported. */
const maxNewsStages = 100

/** Name of a field of the data that comes with events, such as `customerEmail`. */
const fieldName = z
  .string()
  .trim()
  .regex(/^[^\s"'\\{}]+$/, 'must be the name of a field, such as customerEmail')
  .max(100)

const newsStage = z.strictObject({
  process: z.string().min(1).max(64),
  stage: z.string().min(1).max(200),
  /** `shipped` has a text of its own; it differs in nothing else. */
  as: z.enum(['entered', 'shipped']),
})

/** Which news of their orders customers receive by e-mail: the body of `PUT /api/v1/customer-news`. */
export const customerNewsSettings = z
  .strictObject({
    enabled: z.boolean(),
    /** Field of the order's data with the address of the customer. */
    addressField: fieldName,
    /** Field of the order's data with the language of the customer, as BCP 47. Undefined: there is none. */
    languageField: fieldName.optional(),
    /** For customers whose language is not known. Undefined: the language that most people of the site use. */
    language: z.enum(languages).optional(),
    /** Id of a channel for e-mail; empty only if the news are switched off. */
    channel: z.string().max(64).default(''),
    placed: z.boolean(),
    held: z.boolean(),
    completed: z.boolean(),
    cancelled: z.boolean(),
    stages: z.array(newsStage).max(maxNewsStages),
  })
  .refine(({ enabled, channel }) => !enabled || channel !== '', {
    path: ['channel'],
    ...failing('missing', 'choose the channel that sends the mails'),
  })
  .refine(
    ({ stages }) =>
      new Set(stages.map(({ process, stage }) => JSON.stringify([process, stage]))).size === stages.length,
    {
      path: ['stages'],
      ...failing('twice', 'name each stage once'),
    },
  )
export type CustomerNewsSettings = z.infer<typeof customerNewsSettings>

/**
 * What became of a piece of news: `sent` was passed to the channel; `limited` would have been more than the address
 * receives per day, and is reported by a digest; `no-address` and `invalid-address` concern the data of the order; `opted-out` wants no
 * mails.
 */
export const customerMailOutcomes = ['sent', 'limited', 'no-address', 'invalid-address', 'opted-out'] as const
export type CustomerMailOutcome = (typeof customerMailOutcomes)[number]

/** Response of `GET /api/v1/customer-news`. */
export const customerNewsView = z.object({
  settings: z.object(customerNewsSettings.shape),
  /** Sent back in `If-Match` when the settings are changed. */
  version: z.string(),
  /** Channels for e-mail that are switched on. */
  channels: z.array(z.object({ id: z.string(), name: z.string() })),
  /** Names of the fields that recent events carry as text. */
  fields: z.array(z.string()),
  /** Number of addresses that want no mails. */
  optedOutCount: z.int(),
  /** Numbers of the last 30 days. */
  counts: z.record(z.enum(customerMailOutcomes), z.int()),
  /** The newest pieces of news that were not sent because of the data of their orders, newest first. */
  problems: z.array(
    z.object({
      order: z.string(),
      /** Epoch ms. */
      at: z.int(),
      outcome: z.enum(['limited', 'no-address', 'invalid-address']),
      /** The start of what the order has instead of an address, shortened if the site masks customers. */
      address: z.string().optional(),
    }),
  ),
})
export type CustomerNewsView = z.infer<typeof customerNewsView>
