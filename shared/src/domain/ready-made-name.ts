import { untranslated, type LocalText } from './local-text.ts'

/**
 * A name in every language: with the translations of a ready-made one, else as somebody typed it.
 * @param names Translations of `name`; ignored unless it is one of them, because then it has been changed since.
 */
export function translatedName(name: string, names: LocalText | null | undefined): LocalText {
  return translationsOf(name, names) ?? untranslated(name)
}

/** The translations of a ready-made name. Undefined: there are none, or they are those of another name. */
export function translationsOf(name: string, names: LocalText | null | undefined): LocalText | undefined {
  return names !== null && names !== undefined && Object.values(names).includes(name) ? names : undefined
}
