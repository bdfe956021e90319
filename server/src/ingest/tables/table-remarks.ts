import type { RemarkCode } from '@stagewatch/shared/contract/import-report.ts'
import { linesText, plural } from '../../platform/english-text.ts'

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
/** Bytes from 0x80 to 0xBF in windows-1252, which follow the first byte of a character in UTF-8. */
const continuation = '\u0080-\u00BF€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'
const garbled = new RegExp(`[ÃÂ][${continuation}]|â€|ï»¿|锟斤拷`, 'u')
/** What programs write for characters that their encoding lacks. */
const lost = /(?:^|[,;\t|"])\?{2,}(?:$|[,;\t|"])/

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

/** Whether a text was read in a wrong encoding before it was written into the file, or has lost its characters. */
export function isGarbled(text: string): boolean {
  const mayBe = text.includes('Ã') || text.includes('Â') || text.includes('â') || text.includes('ï')
  return (mayBe || text.includes('锟') ? garbled.test(text) : false) || (text.includes('??') && lost.test(text))
}

export function garbledRemark(remarks: RemarkCounts): TableRemark | undefined {
  return remarks.remark(
    'garbled_text',
    (count, places) =>
      `${plural(count, 'line')} with text such as Ã¼ or ?? for letters (${places}): the program that wrote the file has damaged it; export it again in UTF-8`,
  )
}
