import { z } from 'zod'
import { failing } from './field-issue.ts'

/** Parameter for the number of entries on a page, from 1 to `most`. */
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
