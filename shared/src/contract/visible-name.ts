import { z } from 'zod'
import { invisibleText } from '../domain/identifier.ts'

/**
 * A name for display: without control characters, invisible characters, and characters that change the direction of
 * text, so that nobody can impersonate somebody else.
 */
export function visibleName(maxLength: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .refine((text) => !invisibleText.test(text), 'must not hold control characters or characters that are not seen')
}
