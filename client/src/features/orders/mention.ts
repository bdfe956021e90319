import type { MentionedPerson } from '@stagewatch/shared/contract/order-action.ts'

/** A mention that is being typed after an @. */
export interface MentionStart {
  /** Index of the @. */
  readonly from: number
  /** End of the typed text, which is the position of the caret. */
  readonly to: number
  readonly query: string
}

const maxQuery = 40

/** The mention that ends at the caret. Undefined: none. An @ within a word, as in an email address, does not count. */
export function mentionAt(text: string, caret: number): MentionStart | undefined {
  const from = text.slice(0, caret).lastIndexOf('@')
  if (from < 0 || caret - from > maxQuery) return undefined
  if (/[\p{Script=Latin}\p{N}._-]/u.test(text[from - 1] ?? '')) return undefined
  const query = text.slice(from + 1, caret)
  return /\s/.test(query) ? undefined : { from, to: caret, query }
}

/** Those whose names contain the text, ignoring case. */
export function namedLike(people: readonly MentionedPerson[], text: string): readonly MentionedPerson[] {
  const wanted = text.toLowerCase()
  return people.filter(({ name }) => name.toLowerCase().includes(wanted))
}

/** Replaces the typed part by the full name. Also returns the new position of the caret. */
export function completed(text: string, { from, to }: MentionStart, name: string) {
  const head = `${text.slice(0, from)}@${name} `
  return { text: head + text.slice(to).replace(/^ /, ''), caret: head.length }
}

/** The chosen people whose names are still in the text. */
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
  /** Whether the part is a person's name with a leading @. */
  readonly isName: boolean
}

/** Splits a text at the mentioned names. The longest match wins: "Li Min" over "Li". */
export function partsOf(text: string, names: readonly string[]): TextPart[] {
  if (names.length === 0) return [{ text, isName: false }]
  const longestFirst = names.toSorted((a, b) => b.length - a.length)
  const pattern = new RegExp(`(${longestFirst.map((name) => RegExp.escape(`@${name}`)).join('|')})`, 'u')
  return text
    .split(pattern)
    .map((part, index) => ({ text: part, isName: index % 2 === 1 }))
    .filter((part) => part.text !== '')
}
