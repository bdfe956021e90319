import { isDeepStrictEqual } from 'node:util'
import { channels } from '@stagewatch/db/channels-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import type { Wording } from '@stagewatch/shared/contract/message-texts.ts'
import { languages } from '@stagewatch/shared/domain/locales.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { textKeys } from '@stagewatch/shared/domain/message-template.ts'
import type { TextKey } from '@stagewatch/shared/domain/message-template.ts'
import { and, eq } from 'drizzle-orm'
import { inSection } from '../rules/config-section.ts'
import type { ConfigSection } from '../rules/config-section.ts'
import { deleteText, loadTexts, requireWording, saveText, standardWording } from './site-texts.ts'

type Texts = Partial<Record<TextKey, Partial<Record<Language, Wording>>>>

/** The texts of messages that the site has changed; a text that is left out is that of the product. */
export const messageTextsSection: ConfigSection = {
  async load(db, site) {
    const texts: Texts = {}
    for (const { key, language, ...own } of await loadTexts(db, site)) (texts[key] ??= {})[language] = own
    return { messageTexts: texts }
  },
  async apply(tx, site, { messageTexts: wanted }, { current, record }) {
    if (wanted === undefined) return
    const kinds = await enabledKinds(tx, site)
    for (const key of textKeys) {
      for (const language of languages) {
        const before = current.messageTexts?.[key]?.[language]
        const after = wanted[key]?.[language]
        if (isDeepStrictEqual(before, after)) continue
        const place = { key, language }
        const change = { subject: `${key} ${language}`, before: before ?? standardWording(key, language) }
        if (after === undefined) {
          await deleteText(tx, site, place)
          await record({ action: 'message-text.reset', ...change, after: null })
        } else {
          await inSection(`messageTexts.${key}.${language}`, () => requireWording(key, after, kinds))
          await saveText(tx, site, place, after)
          await record({ action: 'message-text.changed', ...change, after })
        }
      }
    }
  },
}

async function enabledKinds(tx: Queryable, site: string): Promise<string[]> {
  const rows = await drizzleOn(tx)
    .selectDistinct({ kind: channels.kind })
    .from(channels)
    .where(and(eq(channels.site, site), eq(channels.enabled, true)))
  return rows.map(({ kind }) => kind)
}
