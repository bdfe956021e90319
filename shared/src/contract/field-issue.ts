import { z } from 'zod'

/** Reasons why a field can be invalid; pages have a text for each in every language. */
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
  'not_https',
  'has_password',
  'enter_again',
  'private_address',
  'reserved_address',
  'unresolved',
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

/** What is wrong with one field: `message` is for people, the other fields are for pages. */
export const fieldIssue = z.object({
  /** Path of the field, as the sender wrote it; several unknown fields are listed together; empty: the whole value. */
  field: z.string(),
  /** Says what to do, in English. */
  message: z.string(),
  /** Undefined if the issue was not found by a schema. */
  reason: z.enum(fieldReasons).optional(),
  /** The limit that was exceeded, or the number that is required. */
  limit: z.number().optional(),
  /** The accepted values. */
  options: z.array(z.string()).optional(),
})
export type FieldIssue = z.infer<typeof fieldIssue>

/** An issue with a reason that this version defines, so that pages can localize it. */
export type KnownIssue = FieldIssue & { readonly reason: FieldReason }

/** What a custom check sets in `params`, so that pages can localize it. */
export interface CheckParams {
  readonly reason: FieldReason
  readonly limit?: number
}

/** The parameters of a failing check: an English message, and the reason and limit for pages. */
export function failing(reason: FieldReason, message: string, limit?: number) {
  return { error: message, params: { reason, ...(limit !== undefined && { limit }) } satisfies CheckParams }
}
