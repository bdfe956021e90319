import { z } from 'zod'
import { failing } from './field-issue.ts'
import { translatedText } from './local-text.ts'

const maxTranslations = 10_000

/**
 * What customers, people, departments and reasons are called in other languages, by the text that events give them.
 * Readers of the language of the event are shown what stands here, too, so it belongs among the languages.
 */
export const translations = z
  .record(z.string().min(1).max(200), translatedText)
  .refine(
    (all) => Object.keys(all).length <= maxTranslations,
    failing('too_many', 'must be at most 10,000', maxTranslations),
  )

/** The answer of `GET /api/v1/translations`; `version` belongs into `If-Match` of whoever changes them. */
export const siteTranslations = z.object({ translations, version: z.string() })
export type Translations = Readonly<z.infer<typeof translations>>
