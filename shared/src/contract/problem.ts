import { z } from 'zod'

/** Every code that a refusal or a rejected event can carry; each has a line in docs/errors.md and both languages. */
export const problemCodes = [
  'bad_request',
  'invalid_field',
  'missing_field',
  'invalid_text',
  'invalid_time',
  'unsupported_media_type',
  'too_large',
  'too_many_events',
  'unauthorized',
  'forbidden',
  'not_found',
  'unknown_stage',
  'unknown_board',
  'unknown_process',
  'unknown_calendar',
  'occurred_in_future',
  'conflict',
  'already_used',
  'last_administrator',
  'authorization_pending',
  'slow_down',
  'code_expired',
  'rate_limited',
  'overloaded',
  'not_ready',
  'internal',
] as const

export const problemCode = z.enum(problemCodes)
export type ProblemCode = z.infer<typeof problemCode>

/** The body of every answer that is not a success. */
export const problem = z.object({
  code: problemCode,
  message: z.string(),
  /** What exactly is wrong, one entry a field. */
  details: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  /** Names the request in the server's log. */
  requestId: z.string(),
})
export type Problem = z.infer<typeof problem>
