import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import { withChineseAndEnglish } from '@stagewatch/shared/domain/local-text.ts'
import type { SiteTranslations } from '../rules/site-translations.ts'

/**
 * Translations of the name of a customer, product or department. Undefined if the site has none. In the language of
 * events, which is not declared, the name is the value itself.
 */
function namedIn(translations: Pick<SiteTranslations, 'of'>, value: string): LocalText | undefined {
  const name = translations.of([value])?.[value]
  return name === undefined ? undefined : withChineseAndEnglish({ zh: value, ...name })
}

/** The row with the translations of its name, unless it is a stage. */
export function withTranslatedName<T extends { readonly key: string; readonly process?: string | undefined }>(
  translations: Pick<SiteTranslations, 'of'>,
  row: T,
): T {
  const name = row.process === undefined ? namedIn(translations, row.key) : undefined
  return name === undefined ? row : { ...row, name }
}

/** Adds its translations to each value. */
export function withNames<T extends { readonly value: string }>(
  items: readonly T[],
  translations: Pick<SiteTranslations, 'of'>,
): (T & { readonly valueName?: LocalText })[] {
  return items.map((item) => {
    const valueName = namedIn(translations, item.value)
    return valueName === undefined ? item : { ...item, valueName }
  })
}
