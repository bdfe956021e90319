import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { serverTexts } from '../platform/server-texts.ts'
import { cut, filled, ordersWithin } from './render-message.ts'
import type { MessageLimit } from './render-message.ts'

/** E.164; a number without country code is Chinese. */
export const smsRecipient = /^(?:\+[1-9]\d{6,14}|1[3-9]\d{9})$/

/** Maximum length of a template variable: orders that do not fit are counted there, and named in the message centre. */
const maxVariable = 35
/** Merged messages are only counted in the title, so there is practically no limit to their number. */
export const smsLimit: MessageLimit = { unit: 'characters', max: 20_000 }

/** The variables of a template, which must not contain URLs or the brackets of a signature. */
export function smsVariables(messages: readonly ChannelMessage[]): { title: string; orders: string } {
  const [first] = messages
  if (first === undefined) throw new Error('there is no message to send')
  const { language } = first
  const { merged } = serverTexts(language).channels
  const title = messages.length === 1 ? first.title : filled(merged, { count: String(messages.length) })
  const orders = [...new Set(messages.flatMap((message) => message.orders))].map(allowed)
  const within: MessageLimit = { unit: 'characters', max: maxVariable }
  // A variable may not be empty.
  return { title: cut(allowed(title), maxVariable) || '-', orders: ordersWithin(orders, within, language) || '-' }
}

function allowed(text: string): string {
  return text
    .replace(/https?:\/\/\S+/gi, '')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '')
    .replace(/[【】[\]]/g, ' ')
    .trim()
}
