import { z } from 'zod'
import { failing } from './field-issue.ts'
import type { CheckParams } from './field-issue.ts'
import { instantOf } from '../domain/rfc3339.ts'

/** Epoch ms of an RFC 3339 text in a URL; undefined if empty. An unencoded `+` arrives as a space. */
export const instantText = z
  .string()
  .transform((text, context) => {
    const at = instantOf(text.replace(' ', '+'))
    if (at !== undefined) return at
    context.addIssue({
      code: 'custom',
      message: 'must be an RFC 3339 date-time with seconds and an offset',
      params: { reason: 'not_time' } satisfies CheckParams,
    })
    return z.NEVER
  })
  .optional()
  .meta({ format: 'date-time', example: '2026-11-22T08:15:00Z' })

/** Number of entries on a page, from 1 to `most`. */
export const limitUpTo = (most: number, usual: number) =>
  z
    .string()
    .refine(
      (digits) => /^\d+$/.test(digits) && digits.length <= String(most).length,
      failing('wrong_form', `must be a number from 1 to ${most}`),
    )
    .transform(Number)
    .pipe(z.int().min(1).max(most))
    .default(usual)
    .meta({ type: 'integer', minimum: 1, maximum: most, default: usual })
