import { z } from 'zod'
import { limitUpTo } from './query-parameters.ts'
import { problemCode } from './problem.ts'

const count = z.int().nonnegative()
const id = z.int().positive()
/** Maximum number of events per request. */
export const maxChosen = 1_000

export const quarantineQuery = z.strictObject({
  site: z.string().optional(),
  code: problemCode.optional(),
  /** Only events in which this field was invalid; empty: those in which no field was named. */
  field: z.string().max(200).optional(),
  /** Only events older than this one. */
  before: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the id of an event')
    .transform(Number)
    .optional()
    .meta({ type: 'integer' }),
  limit: limitUpTo(500, 100),
})

/** Response of `GET /api/v1/quarantine`, newest first. */
export const quarantineList = z.object({
  /** Number of all events at the site, regardless of the query. */
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
      /** The original text, at most 64 KiB of it. */
      raw: z.string(),
    }),
  ),
})
export type QuarantineList = z.infer<typeof quarantineList>

/** Response of `GET /api/v1/quarantine/causes`: the causes and their numbers of events, most frequent first. */
export const quarantineCauses = z.object({
  /** Number of all events at the site. */
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
      /** Id of the newest event. */
      lastId: id,
      message: z.string(),
      /** Names of the keys that sent them, at most 10. */
      senders: z.array(z.string()),
    }),
  ),
})
export type QuarantineCauses = z.infer<typeof quarantineCauses>

/** Selects events by id, or the oldest ones that were rejected for a given reason or for any. */
export const quarantineChoice = z.union([
  z.strictObject({ ids: z.array(id).min(1).max(maxChosen) }),
  z.strictObject({
    all: z.literal(true),
    code: problemCode.optional(),
    /** As in the query for the list. */
    field: z.string().max(200).optional(),
    upTo: id.optional(),
  }),
])
export type QuarantineChoice = z.infer<typeof quarantineChoice>

/** Outcome of retrying events; events that are truncated, and so are not valid JSON, stay in quarantine. */
export const quarantineRetried = z.object({ accepted: count, duplicate: count, rejected: count, unreadable: count })
export type QuarantineRetried = z.infer<typeof quarantineRetried>

export const quarantineDismissed = z.object({ dismissed: count })
export type QuarantineDismissed = z.infer<typeof quarantineDismissed>
