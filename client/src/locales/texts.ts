import type account from './en/account.json'
import type alerts from './en/alerts.json'
import type analysis from './en/analysis.json'
import type approvals from './en/approvals.json'
import type calendars from './en/calendars.json'
import type changes from './en/changes.json'
import type channels from './en/channels.json'
import type common from './en/common.json'
import type compare from './en/compare.json'
import type configuration from './en/configuration.json'
import type desk from './en/desk.json'
import type errors from './en/errors.json'
import type fallback from './en/fallback.json'
import type filters from './en/filters.json'
import type handover from './en/handover.json'
import type imports from './en/imports.json'
import type keys from './en/keys.json'
import type messages from './en/messages.json'
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
import type status from './en/status.json'
import type tasks from './en/tasks.json'
import type team from './en/team.json'
import type wall from './en/wall.json'
import { locales, type Language } from '@stagewatch/shared/domain/locales.ts'

/** The keys of all texts, as in the English files. */
export type Texts = typeof account &
  typeof alerts &
  typeof analysis &
  typeof approvals &
  typeof calendars &
  typeof changes &
  typeof channels &
  typeof common &
  typeof compare &
  typeof configuration &
  typeof desk &
  typeof errors &
  typeof fallback &
  typeof filters &
  typeof handover &
  typeof imports &
  typeof keys &
  typeof messages &
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
  typeof status &
  typeof tasks &
  typeof team &
  typeof wall

/**
 * The text files of a page in every language, loaded on demand: the result of `import.meta.glob` for
 * `locales/…/{common,wall}.json`.
 */
export type TextFiles = Readonly<Record<string, () => Promise<object>>>

/** @throws if the server is unreachable, or no longer has the files of this build. */
export async function loadTexts(language: Language, files: TextFiles): Promise<Texts> {
  const folder = `/${locales[language].tag}/`
  const ofLanguage = Object.entries(files).filter(([path]) => path.includes(folder))
  const loaded = await Promise.all(ofLanguage.map(([, load]) => load()))
  // Keys that the page does not use are missing, and nothing on the page looks them up.
  return Object.assign({}, ...loaded) as Texts
}
