import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { messageTexts } from '@stagewatch/db/customer-news-schema.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { maxSmsTitle, maxTextLines } from '@stagewatch/shared/contract/message-texts.ts'
import type { MessageText, Wording } from '@stagewatch/shared/contract/message-texts.ts'
import { languages } from '@stagewatch/shared/domain/locales.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import {
  filledTemplate,
  fixedLength,
  parseTemplate,
  textKeys,
  textPlaceholders,
} from '@stagewatch/shared/domain/message-template.ts'
import type { TextKey } from '@stagewatch/shared/domain/message-template.ts'
import { and, eq } from 'drizzle-orm'
import type { Actor } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import { AppError } from '../platform/app-error.ts'
import { requireVersion, versionOf } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { serverTexts } from '../platform/server-texts.ts'
import { lockSite } from '../rules/catalog-table.ts'

/** Values for placeholders. Undefined: there is none, and the placeholder is empty. */
export type TextValues = Readonly<Record<string, string | undefined>>

/** The texts of a site: those that it has changed, and the texts of the product for the others. */
export interface SiteTexts {
  /** Fills in the title, or the body, of a text. */
  readonly fill: (key: TextKey, part: keyof Wording, language: Language, values: TextValues) => string
}

export async function loadSiteTexts(db: Queryable, site: string): Promise<SiteTexts> {
  return siteTexts(await loadTexts(db, site))
}

/** Uses these texts, without regard to what is stored. */
export function siteTexts(changed: readonly (TextPlace & Wording)[]): SiteTexts {
  return {
    fill(key, part, language, values) {
      const own = changed.find((text) => text.key === key && text.language === language)
      const standard = standardWording(key, language)
      // A title that is empty without the values of an order is replaced; a message has to have one.
      const text = own === undefined ? '' : fillPart(own[part], key, part, values)
      return text === '' ? fillPart(standard[part], key, part, values) : text
    },
  }
}

export async function listTexts(db: Queryable, site: string): Promise<MessageText[]> {
  const stored = await loadTexts(db, site)
  return textKeys.flatMap((key) =>
    languages.map((language) => {
      const own = stored.find((text) => text.key === key && text.language === language)
      const standard = standardWording(key, language)
      const { title, body } = own ?? standard
      const isChanged = own !== undefined
      return { key, language, title, body, standard, isChanged, version: versionOf({ title, body }) }
    }),
  )
}

export interface TextPlace {
  readonly key: TextKey
  readonly language: Language
}

interface TextChange {
  readonly actor: Actor
  /** Epoch ms. */
  readonly changedAt: number
}

/** @throws AppError `invalid_field`, see `requireWording`; `conflict` if somebody else has changed it. */
export async function changeText(
  database: Database,
  site: string,
  { key, language }: TextPlace,
  after: Wording,
  { actor, changedAt, expected }: TextChange & { readonly expected: ExpectedVersion },
): Promise<void> {
  await database.transaction(async (tx) => {
    const before = await lock(tx, site, { key, language })
    requireVersion(expected, { current: before.now, yours: after })
    if (before.now.title === after.title && before.now.body === after.body) return
    await saveText(tx, site, { key, language }, after)
    const change = { changedAt, actor, subject: `${key} ${language}`, before: before.now, after }
    await recordChange(tx, site, { action: 'message-text.changed', ...change })
  })
}

/** Uses the text of the product again. */
export async function resetText(
  database: Database,
  site: string,
  { key, language }: TextPlace,
  { actor, changedAt }: TextChange,
): Promise<void> {
  await database.transaction(async (tx) => {
    const before = await lock(tx, site, { key, language })
    if (!before.isChanged) return
    await deleteText(tx, site, { key, language })
    const change = { changedAt, actor, subject: `${key} ${language}`, before: before.now, after: null }
    await recordChange(tx, site, { action: 'message-text.reset', ...change })
  })
}

export async function saveText(tx: Queryable, site: string, place: TextPlace, after: Wording): Promise<void> {
  await drizzleOn(tx)
    .insert(messageTexts)
    .values({ site, ...place, ...after })
    .onConflictDoUpdate({ target: [messageTexts.site, messageTexts.key, messageTexts.language], set: after })
}

export async function deleteText(tx: Queryable, site: string, place: TextPlace): Promise<void> {
  await drizzleOn(tx).delete(messageTexts).where(isText(site, place))
}

/**
 * @param channelKinds of the enabled channels of the site.
 * @throws AppError `invalid_field` with the part that cannot be used.
 */
export function requireWording(key: TextKey, own: Wording, channelKinds: readonly string[]): void {
  for (const part of ['title', 'body'] as const) {
    const names = textPlaceholders[key][part]
    const parsed = parseTemplate(own[part], names)
    if (parsed.problem?.kind === 'brace') {
      const message = `the brace at character ${parsed.problem.at + 1} has no counterpart: close the placeholder, or write two braces for one`
      throw new AppError('invalid_field', message, { field: part, reason: 'wrong_form' })
    }
    if (parsed.problem !== undefined) {
      const message = `there is no placeholder {${parsed.problem.name}}: use one of ${names.map((name) => `{${name}}`).join(', ')}`
      const details = [{ field: part, message, reason: 'not_offered' as const, options: [...names] }]
      throw new AppError('invalid_field', message, { field: part, reason: 'not_offered', details })
    }
    const isSent = part === 'title' && isAlert(key) && channelKinds.some((kind) => kind.startsWith('sms-'))
    if (isSent && fixedLength(parsed.parts) > maxSmsTitle) {
      const message = `is too long: a text message shows at most ${maxSmsTitle} characters, and placeholders come in addition`
      throw new AppError('invalid_field', message, { field: part, reason: 'too_long', limit: maxSmsTitle })
    }
  }
  if (own.title.includes('\n')) {
    throw new AppError('invalid_field', 'must be one line', { field: 'title', reason: 'wrong_form' })
  }
  const lineCount = own.body.split('\n').length
  const maxLines = isAlert(key) ? 1 : maxTextLines
  if (lineCount > maxLines) {
    const message = `must have at most ${maxLines} line${maxLines === 1 ? '' : 's'}`
    throw new AppError('invalid_field', message, { field: 'body', reason: 'too_many' })
  }
}

function isAlert(key: TextKey): boolean {
  return key.startsWith('alert.')
}

function fillPart(text: string, key: TextKey, part: keyof Wording, values: TextValues): string {
  const parsed = parseTemplate(text, textPlaceholders[key][part])
  // Stored texts were validated when they were saved; another version of the product may have allowed more.
  return parsed.problem === undefined ? filledTemplate(parsed.parts, values).trim() : ''
}

export function standardWording(key: TextKey, language: Language): Wording {
  const { alerts, customerNews } = serverTexts(language)
  switch (key) {
    case 'alert.order':
      return { title: alerts.one, body: alerts.order }
    case 'alert.orders':
      return { title: alerts.group, body: alerts.order }
    case 'alert.measure':
      return { title: alerts.measure, body: alerts.place }
    case 'customer.placed':
      return customerNews.placed
    case 'customer.entered':
      return customerNews.entered
    case 'customer.shipped':
      return customerNews.shipped
    case 'customer.held':
      return customerNews.held
    case 'customer.completed':
      return customerNews.completed
    case 'customer.cancelled':
      return customerNews.cancelled
  }
}

function isText(site: string, { key, language }: TextPlace) {
  return and(eq(messageTexts.site, site), eq(messageTexts.key, key), eq(messageTexts.language, language))
}

const { key: ofKey, language: ofLanguage, title, body } = messageTexts
const columns = { key: ofKey, language: ofLanguage, title, body }

/** The texts that the site has changed. */
export function loadTexts(db: Queryable, site: string): Promise<(TextPlace & Wording)[]> {
  return drizzleOn(db).select(columns).from(messageTexts).where(eq(messageTexts.site, site))
}

/** Locks the site, because a text that is not stored has no row to lock. */
async function lock(tx: Queryable, site: string, place: TextPlace) {
  await lockSite(tx, site)
  const [own] = await drizzleOn(tx).select(columns).from(messageTexts).where(isText(site, place))
  const { title: nowTitle, body: nowBody } = own ?? standardWording(place.key, place.language)
  return { isChanged: own !== undefined, now: { title: nowTitle, body: nowBody } }
}
