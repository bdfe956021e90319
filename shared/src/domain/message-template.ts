/**
 * Texts of messages with placeholders, such as `{order} is now in {stage}`. A doubled brace stands for a brace of the
 * text itself.
 */

/** The texts of messages that a site may change, and the placeholders that each part may use. */
export const textPlaceholders = {
  'alert.order': {
    title: ['rule', 'order', 'stage', 'since', 'owner', 'customer', 'site'],
    body: ['rule', 'order', 'stage', 'since', 'owner', 'customer', 'site'],
  },
  /** One message about several orders: the body is repeated for each of them. */
  'alert.orders': {
    title: ['rule', 'stage', 'count', 'site'],
    body: ['rule', 'order', 'stage', 'since', 'owner', 'customer', 'site'],
  },
  /** About a stage, a process or a source. */
  'alert.measure': { title: ['rule', 'place', 'since', 'site'], body: ['rule', 'place', 'since', 'site'] },
  'customer.placed': { title: ['order', 'date', 'site'], body: ['order', 'date', 'site'] },
  'customer.entered': { title: ['order', 'stage', 'date', 'site'], body: ['order', 'stage', 'date', 'site'] },
  'customer.shipped': { title: ['order', 'stage', 'date', 'site'], body: ['order', 'stage', 'date', 'site'] },
  'customer.held': { title: ['order', 'date', 'site'], body: ['order', 'date', 'site'] },
  'customer.completed': { title: ['order', 'date', 'site'], body: ['order', 'date', 'site'] },
  'customer.cancelled': { title: ['order', 'date', 'site'], body: ['order', 'date', 'site'] },
} as const

export type TextKey = keyof typeof textPlaceholders
export const textKeys = Object.keys(textPlaceholders) as readonly TextKey[]

/** A text and the names of its placeholders, in the order in which they appear. */
export type TemplatePart = { readonly text: string } | { readonly name: string }

export type TemplateProblem =
  /** A brace is not closed, or not opened; doubled braces are text. */
  { readonly kind: 'brace'; readonly at: number } | { readonly kind: 'placeholder'; readonly name: string }

export type ParsedTemplate =
  | { readonly parts: readonly TemplatePart[]; readonly problem?: undefined }
  | { readonly problem: TemplateProblem }

/** @param names the placeholders that the text may contain. */
export function parseTemplate(template: string, names: readonly string[]): ParsedTemplate {
  const parts: TemplatePart[] = []
  let text = ''
  let at = 0
  while (at < template.length) {
    const character = template[at]
    if ((character === '{' || character === '}') && template[at + 1] === character) {
      text += character
      at += 2
    } else if (character === '}') {
      return { problem: { kind: 'brace', at } }
    } else if (character === '{') {
      const end = template.indexOf('}', at)
      const name = template.slice(at + 1, end)
      if (end === -1 || name.includes('{')) return { problem: { kind: 'brace', at } }
      if (!names.includes(name)) return { problem: { kind: 'placeholder', name } }
      if (text !== '') parts.push({ text })
      parts.push({ name })
      text = ''
      at = end + 1
    } else {
      text += character
      at += 1
    }
  }
  if (text !== '') parts.push({ text })
  return { parts }
}

/** The text with its values; a placeholder without a value is empty. Values are not read as templates. */
export function filledTemplate(
  parts: readonly TemplatePart[],
  values: Readonly<Record<string, string | undefined>>,
): string {
  return parts.map((part) => ('text' in part ? part.text : (values[part.name] ?? ''))).join('')
}

/** Number of characters (Unicode code points) that the text has in any case, without its placeholders. */
export function fixedLength(parts: readonly TemplatePart[]): number {
  return parts.reduce((length, part) => length + ('text' in part ? Array.from(part.text).length : 0), 0)
}
