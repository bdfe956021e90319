import type account from './en/account.json'
import type analysis from './en/analysis.json'
import type calendars from './en/calendars.json'
import type changes from './en/changes.json'
import type common from './en/common.json'
import type compare from './en/compare.json'
import type desk from './en/desk.json'
import type errors from './en/errors.json'
import type filters from './en/filters.json'
import type imports from './en/imports.json'
import type keys from './en/keys.json'
import type order from './en/order.json'
import type orders from './en/orders.json'
import type outliers from './en/outliers.json'
import type overview from './en/overview.json'
import type paths from './en/paths.json'
import type people from './en/people.json'
import type privacy from './en/privacy.json'
import type processes from './en/processes.json'
import type scan from './en/scan.json'
import type screens from './en/screens.json'
import type shell from './en/shell.json'
import type signIn from './en/sign-in.json'
import type sources from './en/sources.json'
import type start from './en/start.json'
import type wall from './en/wall.json'
import { locales, type Language } from '@stagewatch/shared/domain/locales.ts'

/** The keys of every text, as the English files have them. */
export type Texts = typeof account &
  typeof analysis &
  typeof calendars &
  typeof changes &
  typeof common &
  typeof compare &
  typeof desk &
  typeof errors &
  typeof filters &
  typeof imports &
  typeof keys &
  typeof order &
  typeof orders &
  typeof outliers &
  typeof overview &
  typeof paths &
  typeof people &
  typeof privacy &
  typeof processes &
  typeof scan &
  typeof screens &
  typeof shell &
  typeof signIn &
  typeof sources &
  typeof start &
  typeof wall

/**
 * The files of texts that a page shows, in every language, loaded when called: what `import.meta.glob` makes of
 * `locales/…/{common,wall}.json`.
 */
export type TextFiles = Readonly<Record<string, () => Promise<object>>>

/** @throws when the server cannot be reached, or does not have the files of this build any more. */
export async function loadTexts(language: Language, files: TextFiles): Promise<Texts> {
  const folder = `/${locales[language].tag}/`
  const ofLanguage = Object.entries(files).filter(([path]) => path.includes(folder))
  const loaded = await Promise.all(ofLanguage.map(([, load]) => load()))
  // The keys of what the page does not show are missing, and nothing looks them up there.
  return Object.assign({}, ...loaded) as Texts
}
