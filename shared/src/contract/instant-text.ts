import { z } from 'zod'
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
