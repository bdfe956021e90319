import { z } from 'zod'
import { problemCode } from './problem.ts'

const count = z.int().nonnegative()
const id = z.int().positive()
/** Events that one request is about. */
export const maxChosen = 1_000

export const quarantineQuery = z.strictObject({
  site: z.string().optional(),
  code: problemCode.optional(),
  /** Only events of which this field was wrong; empty: those of which no field was named. */
  field: z.string().max(200).optional(),
  /** Only older ones than this. */
  before: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the id of an event')
    .transform(Number)
    .optional()
    .meta({ type: 'integer' }),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'must be a number from 1 to 500')
    .transform(Number)
    .pipe(z.int().min(1).max(500))
    .default(100)
    .meta({ type: 'integer', minimum: 1, maximum: 500, default: 100 }),
})

/** The answer of `GET /api/v1/quarantine`, the newest first. */
export const quarantineList = z.object({
  /** Of the site, whatever was asked for. */
  total: count,
  events: z.array(
    z.object({
      id,
      /** Epoch ms. */
      receivedAt: z.int(),
      /** Name of the key that sent it. */
      sender: z.string(),
      code: problemCode,
      field: z.string().optional(),
      message: z.string(),
      /** As it came, at most 64 KiB of it. */
      raw: z.string(),
    }),
  ),
})
export type QuarantineList = z.infer<typeof quarantineList>

/** The answer of `GET /api/v1/quarantine/causes`: what was wrong with how many, the most frequent first. */
export const quarantineCauses = z.object({
  /** Of the site. */
  total: count,
  /** At most 100. */
  causes: z.array(
    z.object({
      code: problemCode,
      field: z.string().optional(),
      count,
      /** Epoch ms. */
      firstReceivedAt: z.int(),
      lastReceivedAt: z.int(),
      /** Of the newest one. */
      lastId: id,
      message: z.string(),
      /** Names of the keys that sent them, at most 10. */
      senders: z.array(z.string()),
    }),
  ),
})
export type QuarantineCauses = z.infer<typeof quarantineCauses>

/** Which events: those with these ids, or the oldest ones that were rejected for a reason or for any. */
export const quarantineChoice = z.union([
  z.strictObject({ ids: z.array(id).min(1).max(maxChosen) }),
  z.strictObject({
    all: z.literal(true),
    code: problemCode.optional(),
    /** As in the query of the list. */
    field: z.string().max(200).optional(),
    upTo: id.optional(),
  }),
])
export type QuarantineChoice = z.infer<typeof quarantineChoice>

/** What became of the events that were tried again; those that are no JSON any more, being cut off, stay. */
export const quarantineRetried = z.object({ accepted: count, duplicate: count, rejected: count, unreadable: count })
export type QuarantineRetried = z.infer<typeof quarantineRetried>

export const quarantineDismissed = z.object({ dismissed: count })
export type QuarantineDismissed = z.infer<typeof quarantineDismissed>
