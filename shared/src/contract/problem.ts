import { z } from 'zod'
import { fieldIssue } from './field-issue.ts'

/** Every code of a refusal or a rejected event; each has a line in docs/errors.md and a text in both languages. */
export const problemCodes = [
  'bad_request',
  'invalid_field',
  'missing_field',
  'invalid_text',
  'invalid_time',
  'unsupported_media_type',
  'too_large',
  'too_many_events',
  'unknown_host',
  'unauthorized',
  'forbidden',
  'not_found',
  'unknown_stage',
  'unknown_board',
  'unknown_process',
  'unknown_calendar',
  'too_many_sources',
  'order_full',
  'order_archived',
  'occurred_in_future',
  'conflict',
  'already_used',
  'last_administrator',
  'own_work',
  'weak_password',
  'reauthentication_required',
  'authorization_pending',
  'slow_down',
  'code_expired',
  'rate_limited',
  'overloaded',
  'disk_full',
  'secrets_key_missing',
  'not_ready',
  'internal',
] as const

export const problemCode = z.enum(problemCodes)
export type ProblemCode = z.infer<typeof problemCode>

/** Body of every unsuccessful response. */
export const problem = z.object({
  code: problemCode,
  message: z.string(),
  /** What exactly is wrong, one entry per field. */
  details: z.array(fieldIssue).optional(),
  /** For `conflict`: what somebody else has saved, and what was to be saved over it. */
  conflict: z
    .object({
      /** Null: it no longer exists. */
      current: z.unknown(),
      yours: z.unknown(),
      /** Version of `current`; saving again with this version in `If-Match` replaces it. */
      version: z.string().optional(),
    })
    .optional(),
  /** Identifies the request in the server's log. */
  requestId: z.string(),
})
export type Problem = z.infer<typeof problem>
