import type { Severity } from '@stagewatch/shared/contract/messages.ts'

/** The markup that a provider understands. */
export interface Dialect {
  /** Escapes foreign text, so that nothing in it is interpreted as markup. */
  readonly escape: (text: string) => string
  readonly heading: (text: string, severity: Severity) => string
  /** The text is escaped; the URL is one of ours. */
  readonly link: (text: string, url: string) => string
  readonly newline: string
}

/** Text without markup. Also used for providers with plain-text elements, so that nothing is escaped. */
export const plainText: Dialect = {
  escape: (text) => text,
  heading: (text) => text,
  link: (text, url) => `${text}: ${url}`,
  newline: '\n',
}

/**
 * The Markdown of DingTalk, in which a backslash escapes and a single line break is a space. `#`, `>` and `-` have a
 * meaning only at the beginning of a line, where our texts always have words or a bullet.
 */
export const dingTalkMarkdown: Dialect = {
  escape: (text) =>
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replace(/[\\`*_[\]~|]/g, String.raw`\$&`)
      .replace(/^([#>+-])/, String.raw`\$1`),
  heading: (text) => `### ${text}`,
  link: (text, url) => `[${text}](${url})`,
  newline: '\n\n',
}

/** WeCom has no escapes: characters that it would interpret as Markdown are replaced by their full-width forms. */
const wideForms: Readonly<Record<string, string>> = {
  '<': '＜',
  '>': '＞',
  '*': '＊',
  '`': '｀',
  '[': '［',
  ']': '］',
  '#': '＃',
}
const weComColours: Readonly<Record<Severity, string>> = {
  critical: 'warning',
  warning: 'warning',
  info: 'comment',
  resolved: 'info',
}
export const weComMarkdown: Dialect = {
  escape: (text) => text.replace(/[<>*`[\]#]/g, (character) => wideForms[character] ?? character),
  heading: (text, severity) => `**<font color="${weComColours[severity]}">${text}</font>**`,
  link: (text, url) => `[${text}](${url})`,
  newline: '\n',
}

/** Escapes text for an e-mail or a page. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
