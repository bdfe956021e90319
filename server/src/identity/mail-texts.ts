import { languages } from '@stagewatch/shared/domain/locales.ts'
import { serverTexts, type ServerTexts } from '../platform/server-texts.ts'

export type MailKind = keyof ServerTexts['mail']

/** A mail contains every language of the product, because its reader has not chosen one yet. */
const texts = languages.map((language) => serverTexts(language))

export function mailTexts(kind: MailKind, link: string): { subject: string; text: string } {
  const mails = texts.map(({ mail }) => mail[kind])
  const paragraphs = [mails.map(({ text }) => text), [link], mails.map(({ otherwise }) => otherwise)]
  return { subject: mails.map(({ subject }) => subject).join(' · '), text: mailBody(paragraphs) }
}

/** Notices to the owner of an account about a change, in case somebody else made it. */
export type NoticeKind = Exclude<keyof ServerTexts['notice'], 'subject' | 'notYou'>

/** @param at epoch ms. */
export function noticeTexts(kind: NoticeKind, at: number): { subject: string; text: string } {
  const notices = texts.map(({ notice }) => notice)
  const time = `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const paragraphs = [notices.map((notice) => notice[kind]), [time], notices.map(({ notYou }) => notYou)]
  return { subject: notices.map(({ subject }) => subject).join(' · '), text: mailBody(paragraphs) }
}

function mailBody(paragraphs: readonly (readonly string[])[]): string {
  return `${paragraphs.map((lines) => lines.join('\n')).join('\n\n')}\n`
}
