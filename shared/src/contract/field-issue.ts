import { z } from 'zod'

/** What can be wrong with a field; pages have a text for each in every language. */
export const fieldReasons = [
  'missing',
  'unknown',
  'wrong_type',
  'not_offered',
  'too_short',
  'too_long',
  'wrong_length',
  'too_few',
  'too_many',
  'wrong_count',
  'too_small',
  'too_large',
  'not_multiple',
  'wrong_form',
  'not_email',
  'not_date',
  'not_time',
  'not_url',
  'not_zone',
  'invisible_text',
  'twice',
  'empty_range',
  'out_of_order',
  'overlaps',
  'no_shift',
  'too_wide',
  'mismatch',
  'incorrect',
  'unreadable',
  'not_fictional',
  'elsewhere',
  'wrong',
] as const
export type FieldReason = (typeof fieldReasons)[number]

/** What is wrong with one field, for people in `message` and for pages in the rest. */
export const fieldIssue = z.object({
  /** Path of the field, as the sender wrote it; of several that are not known, all of them; empty: the whole. */
  field: z.string(),
  /** Says what to do, in English. */
  message: z.string(),
  /** Left out where no schema has found it. */
  reason: z.enum(fieldReasons).optional(),
  /** The limit that was passed, or the number that is asked for. */
  limit: z.number().optional(),
  /** What may be given instead. */
  options: z.array(z.string()).optional(),
})
export type FieldIssue = z.infer<typeof fieldIssue>

/** As this version says it: pages can tell it in their language. */
export type KnownIssue = FieldIssue & { readonly reason: FieldReason }

/** What a custom check says in `params`, so that pages can say it in their language. */
export interface CheckParams {
  readonly reason: FieldReason
  readonly limit?: number
}

/** What a check says of a value that fails it: to people who read English, and to pages. */
export function failing(reason: FieldReason, message: string, limit?: number) {
  return { error: message, params: { reason, ...(limit !== undefined && { limit }) } satisfies CheckParams }
}
