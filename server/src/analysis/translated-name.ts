import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import { withChineseAndEnglish } from '@stagewatch/shared/domain/local-text.ts'
import type { SiteTranslations } from '../rules/site-translations.ts'

/**
 * What a customer, product or department is called in other languages; undefined: the site has no translation of it. In
 * the language of events, which nobody names, it is what they say.
 */
export function namedIn(translations: Pick<SiteTranslations, 'of'>, value: string): LocalText | undefined {
  const name = translations.of([value])?.[value]
  return name === undefined ? undefined : withChineseAndEnglish({ zh: value, ...name })
}

/** Things that have a value, with what it is called. */
export function withNames<T extends { readonly value: string }>(
  items: readonly T[],
  translations: Pick<SiteTranslations, 'of'>,
): (T & { readonly valueName?: LocalText })[] {
  return items.map((item) => {
    const valueName = namedIn(translations, item.value)
    return valueName === undefined ? item : { ...item, valueName }
  })
}
