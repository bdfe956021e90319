import { z } from 'zod'
import { failing } from './field-issue.ts'
import { translatedText } from './local-text.ts'

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
