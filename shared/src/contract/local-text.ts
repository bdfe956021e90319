import { z } from 'zod'
import { failing } from './field-issue.ts'
import { withChineseAndEnglish, type LocalText } from '../domain/local-text.ts'

const localeCode = z.string().regex(/^[a-z]{2,3}(-[a-zA-Z0-9]{2,8})*$/)

/**
 * A name by language, in one language at least. It leaves and enters the server with `zh` and `en`: readers of before
 * other languages were possible know only these.
 */
export const localText = names(z.string())

/** As `localText`, with a limit to what each language says. */
export const shortLocalText = names(z.string().trim().min(1).max(100))

/** In the languages that somebody has given it in, and no others. */
export const translatedText = byLanguage(z.string().trim().min(1).max(200))

function names(text: z.ZodString) {
  return byLanguage(text).overwrite(withChineseAndEnglish) satisfies z.ZodType<LocalText>
}

function byLanguage(text: z.ZodString) {
  return z
    .record(localeCode, text)
    .refine((named) => Object.keys(named).length > 0, failing('missing', 'names no language'))
}
