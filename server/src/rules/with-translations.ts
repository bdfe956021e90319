import type { Translations } from '@stagewatch/shared/contract/names.ts'
import type { SiteTranslations } from './site-translations.ts'

/** Adds the translations of the names, of people, customers or reasons, that an answer contains anywhere. */
export function withTranslations<Answer extends object>(
  answer: Answer,
  translations: Pick<SiteTranslations, 'of'>,
): Answer & { readonly translations?: Translations } {
  const found = translations.of(textsIn(answer))
  return found === undefined ? answer : { ...answer, translations: found }
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) yield* textsIn(part)
}
