import { z } from 'zod'
import { invisibleText } from '../domain/identifier.ts'

/**
 * A name that people read: without control characters, and without those that are not seen or turn the direction of
 * text around, so that nobody can pass for somebody else.
 */
export function visibleName(maxLength: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .refine((text) => !invisibleText.test(text), 'must not hold control characters or characters that are not seen')
}
