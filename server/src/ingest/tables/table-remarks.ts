import type { RemarkCode } from '@stagewatch/shared/contract/import-report.ts'

export type RemarkParams = Readonly<Record<string, string | number>>

export interface TableRemark {
  readonly code: RemarkCode
  readonly count: number
  /** The first affected lines. */
  readonly lines: readonly number[]
  /** Parameters of the translated text, besides the count and the lines. */
  readonly params?: RemarkParams
  /** In English, with what to do about it. */
  readonly text: string
}

const shownLines = 5
const shownLength = 60

/** Counts the occurrences of a remark and keeps the first lines. */
export class RemarkCounts {
  readonly #counts = new Map<RemarkCode, { count: number; lines: number[] }>()

  add(code: RemarkCode, line: number, count = 1): void {
    const known = this.#counts.get(code)
    if (known === undefined) this.#counts.set(code, { count, lines: [line] })
    else {
      known.count += count
      if (known.lines.length < shownLines) known.lines.push(line)
    }
  }

  count(code: RemarkCode): number {
    return this.#counts.get(code)?.count ?? 0
  }

  /** Undefined if there are no occurrences. `text` receives the count and the first lines as text. */
  remark(
    code: RemarkCode,
    text: (count: number, places: string) => string,
    params: RemarkParams = {},
  ): TableRemark | undefined {
    const known = this.#counts.get(code)
    if (known === undefined) return undefined
    const { count, lines } = known
    return { code, count, lines, params, text: text(count, linesText(lines, count)) }
  }
}

/** `line 3`, `lines 3, 5`, `lines 3, 5, 7, 8, 9 …`. */
export function linesText(lines: readonly number[], count: number): string {
  return `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}${count > lines.length ? ' …' : ''}`
}

/** A text of the file for use in a message: control characters are escaped, long texts truncated. */
export function shownText(text: string): string {
  const cut = text.length > shownLength ? `${text.slice(0, shownLength).toWellFormed()}…` : text
  return cut.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0
    return `\\u{${code.toString(16)}}`
  })
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
