import type { MentionedPerson } from '@stagewatch/shared/contract/order-action.ts'

/** What is being written behind an @. */
export interface MentionStart {
  /** Index of the @. */
  readonly from: number
  /** Where it ends, which is where the caret stands. */
  readonly to: number
  readonly query: string
}

const maxQuery = 40

/** The mention at whose end the caret stands; undefined: none. An @ within a word, as in an address, is none. */
export function mentionAt(text: string, caret: number): MentionStart | undefined {
  const from = text.slice(0, caret).lastIndexOf('@')
  if (from < 0 || caret - from > maxQuery) return undefined
  if (/[\p{Script=Latin}\p{N}._-]/u.test(text[from - 1] ?? '')) return undefined
  const query = text.slice(from + 1, caret)
  return /\s/.test(query) ? undefined : { from, to: caret, query }
}

/** The text with the name in place of what was written of it, and where the caret goes. */
export function completed(text: string, { from, to }: MentionStart, name: string) {
  const head = `${text.slice(0, from)}@${name} `
  return { text: head + text.slice(to).replace(/^ /, ''), caret: head.length }
}

/** Those of the people that were chosen whose names still stand in the text. */
export function mentionedIn(text: string, chosen: readonly MentionedPerson[]): MentionedPerson[] {
  const names = new Set(
    partsOf(
      text,
      chosen.map(({ name }) => name),
    ).flatMap((part) => (part.isName ? [part.text.slice(1)] : [])),
  )
  const people = new Map(chosen.map((person) => [person.id, person]))
  return [...people.values()].filter(({ name }) => names.has(name))
}

interface TextPart {
  readonly text: string
  /** It is the name of somebody, with the @ in front of it. */
  readonly isName: boolean
}

/** The text cut at the names that it mentions; of "Li" and "Li Min" the longer one counts. */
export function partsOf(text: string, names: readonly string[]): TextPart[] {
  if (names.length === 0) return [{ text, isName: false }]
  const longestFirst = names.toSorted((a, b) => b.length - a.length)
  const pattern = new RegExp(`(${longestFirst.map((name) => RegExp.escape(`@${name}`)).join('|')})`, 'u')
  return text
    .split(pattern)
    .map((part, index) => ({ text: part, isName: index % 2 === 1 }))
    .filter((part) => part.text !== '')
}
