import { z } from 'zod'
import { failing } from './field-issue.ts'
import { visibleName } from './visible-name.ts'
import { withChineseAndEnglish, type LocalText } from '../domain/local-text.ts'

const localeCode = z.string().regex(/^[a-z]{2,3}(-[a-zA-Z0-9]{2,8})*$/)

/**
 * A name by language, in at least one language. On the wire it always has `zh` and `en`, because clients from before
 * other languages were supported know only these.
 */
export const localText = names(z.string())

/** The same with a maximum length per language. */
export const localTextUpTo = (length: number) => names(z.string().max(length))

/** Not empty in any of its languages, and of at most 100 characters. */
export const shortLocalText = names(z.string().trim().min(1).max(100))

/** The same for a name that must not look like another one, see `visibleName`. */
export const visibleLocalText = (length: number) => names(visibleName(length))

/** Only the languages in which a text was entered. */
export const translatedText = byLanguage(z.string().trim().min(1).max(200))

function names(text: z.ZodString) {
  return byLanguage(text).overwrite(withChineseAndEnglish) satisfies z.ZodType<LocalText>
}

function byLanguage(text: z.ZodString) {
  return z
    .record(localeCode, text)
    .refine((named) => Object.keys(named).length > 0, failing('missing', 'names no language'))
}
