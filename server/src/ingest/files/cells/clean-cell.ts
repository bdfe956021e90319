/**
 * Determines which guards are removed from the cells of a column: every leading apostrophe in a `code` (order numbers,
 * amounts, times), but in a `text` only an apostrophe before something that a spreadsheet would take for a formula or a
 * number, because names such as 's-Hertogenbosch begin with one.
 */
export type CellKind = 'code' | 'text'

/** Whitespace of any width and invisible characters, except NUL, which indicates damaged text. */
const endJunk = /^[\s\p{Cf}\p{Zl}\p{Zp}\u115F\u1160\u3164\u2800]$/u
const formulaGuard = /^['`][=+\-@\t\r＝＋－＠]/
const numberGuard = /^['`]\d[\d\s.,:/-]*$/

/** A cell without what programs add around the text: whitespace, invisible characters, and guards against Excel. */
export function cleanCell(cell: string, kind: CellKind): string {
  if (isPlain(cell)) return cell
  let text = trimEnds(cell)
  for (;;) {
    const inner = trimEnds(withoutGuard(text, kind))
    if (inner === text) return text
    text = inner
  }
}

/** What was removed, if it is worth reporting; ordinary whitespace is not. */
export function removedFrom(cell: string, text: string): 'guard' | 'invisible' | undefined {
  const bare = trimEnds(cell)
  if (bare !== text) return 'guard'
  let [from, to] = [0, cell.length]
  while (cell[from] === ' ') from += 1
  while (to > from && cell[to - 1] === ' ') to -= 1
  return bare.length === to - from ? undefined : 'invisible'
}

/** Fast path for most cells: their ends are letters, digits or ordinary punctuation that does not open a guard. */
function isPlain(cell: string): boolean {
  const first = cell.charCodeAt(0)
  return (
    isPlainEnd(first) &&
    first !== 0x3d &&
    first !== 0x27 &&
    first !== 0x60 &&
    isPlainEnd(cell.charCodeAt(cell.length - 1))
  )
}

/** Printable ASCII and most of CJK. */
function isPlainEnd(code: number): boolean {
  return (code > 0x20 && code < 0x7f) || (code >= 0x3400 && code <= 0x9fff)
}

function trimEnds(text: string): string {
  let [from, to] = [0, text.length]
  while (from < to && endJunk.test(text.charAt(from))) from += 1
  while (to > from && endJunk.test(text.charAt(to - 1))) to -= 1
  return text.slice(from, to)
}

function withoutGuard(text: string, kind: CellKind): string {
  if (text.startsWith('="') && text.endsWith('"') && text.length > 2) return withoutFormula(text)
  const first = text.charAt(0)
  if (first !== "'" && first !== '`') return text
  if (formulaGuard.test(text)) return text.slice(1)
  // Apostrophes at both ends are quotation marks.
  const isGuard = kind === 'code' ? text.length === 1 || !text.endsWith(first) : numberGuard.test(text)
  return isGuard ? text.slice(1) : text
}

/** `="000123"`: a formula whose value is a single string, in which quotes are doubled. */
function withoutFormula(text: string): string {
  const inner = text.slice(2, -1).replaceAll('""', '\0')
  return inner.includes('"') || text.includes('\0') ? text : inner.replaceAll('\0', '"')
}

const nothingAnywhere = [
  'NULL',
  'null',
  '(null)',
  '(NULL)',
  '[NULL]',
  '<null>',
  String.raw`\N`,
  '#N/A',
  '#NV',
  'N/A',
  'n/a',
  'NaN',
  'nan',
  'NaT',
  '-',
  '--',
  '---',
  '–',
  '—',
]
const nothingInNumbers = ['None', 'none', 'nil', 'N/A', 'n/a', 'NA', '/', '无', '空']

/** Words that programs write for an empty cell. */
export class EmptyWords {
  readonly #anywhere: ReadonlySet<string>
  readonly #inNumbers: ReadonlySet<string>
  readonly #maxLength: number
  readonly #firstUnits: ReadonlySet<number>

  /**
   * @param inNumbers words that only count as empty in columns of numbers and times, where they cannot have another
   * meaning, in addition to those in `anywhere`.
   */
  constructor(anywhere: readonly string[], inNumbers: readonly string[] = nothingInNumbers) {
    this.#anywhere = new Set(anywhere)
    this.#inNumbers = new Set([...anywhere, ...inNumbers])
    const words = [...this.#inNumbers]
    this.#maxLength = Math.max(...words.map((word) => word.length))
    this.#firstUnits = new Set(words.map((word) => word.charCodeAt(0)))
  }

  has(text: string): boolean {
    return this.#mayHave(text) && this.#anywhere.has(text)
  }

  hasInNumbers(text: string): boolean {
    return this.#mayHave(text) && this.#inNumbers.has(text)
  }

  /** Rules out nearly every cell by its length and first character, at a tenth of the cost of a set lookup. */
  #mayHave(text: string): boolean {
    return text.length <= this.#maxLength && this.#firstUnits.has(text.charCodeAt(0))
  }
}

export const usualEmptyWords = new EmptyWords(nothingAnywhere)

/** The usual words plus `more`, which count as empty in every column. */
export function emptyWordsWith(more: readonly string[]): EmptyWords {
  return more.length === 0 ? usualEmptyWords : new EmptyWords([...nothingAnywhere, ...more])
}

const spreadsheetError = /^#(?:REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|WERT!|BEZUG!|ZAHL!|#+)$/
const joiners = /[\u200C\u200D]/g
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const lineBreaks = /[\t\n\r]/g

/**
 * Why a text cannot be used, or undefined. A `free` text may contain line breaks and the joiners that scripts and emoji
 * need.
 */
export function textProblem(text: string, free: boolean): string | undefined {
  if (text.includes('\0')) return 'has a NUL character'
  if (text.includes('\uFFFD')) return 'has bytes that are damaged text'
  if (text.startsWith('#') && spreadsheetError.test(text)) return `${text} is an error of a spreadsheet`
  if (plainText.test(text)) return undefined
  const found = hidden.exec(free ? text.replace(joiners, '.').replace(lineBreaks, '.') : text)
  if (found === null) return undefined
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  // A character outside the basic multilingual plane takes two code units but counts as one character.
  const place = text.slice(0, found.index).replace(/[\uDC00-\uDFFF]/g, '').length + 1
  return `has control or invisible characters: U+${code} at place ${place}`
}

const plainText = /^[ -~\u3400-\u9FFF]*$/

const maxShownLength = 60

/** A cell value for messages: on one line, with hidden characters named, and truncated. */
export function shownValue(text: string): string {
  const start = text.slice(0, maxShownLength)
  const visible = start.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    return String.raw`\u` + code.toString(16).toUpperCase().padStart(4, '0')
  })
  return text.length > maxShownLength ? `${visible}…` : visible
}
