import { z } from 'zod'
import { failing } from './field-issue.ts'
import { withChineseAndEnglish, type LocalText } from '../domain/local-text.ts'
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
const translatedText = byLanguage(z.string().trim().min(1).max(200))

const maxTranslations = 10_000

/**
 * Names of customers, people, departments and reasons in other languages, by the text that events use. The translation
 * replaces the text also for readers of the event's language, so an entry should include that language.
 */
export const translations = z
  .record(z.string().min(1).max(200), translatedText)
  .refine(
    (all) => Object.keys(all).length <= maxTranslations,
    failing('too_many', 'must be at most 10,000', maxTranslations),
  )

/** Response of `GET /api/v1/translations`; `version` is sent as `If-Match` when changing them. */
export const siteTranslations = z.object({ translations, version: z.string() })
export type Translations = Readonly<z.infer<typeof translations>>

function names(text: z.ZodString) {
  return byLanguage(text).overwrite(withChineseAndEnglish) satisfies z.ZodType<LocalText>
}

function byLanguage(text: z.ZodString) {
  return z
    .record(localeCode, text)
    .refine((named) => Object.keys(named).length > 0, failing('missing', 'names no language'))
}
