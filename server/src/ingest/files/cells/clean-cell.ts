/**
 * What a column holds decides how much of a guard is taken off its cells: of a `code` (numbers of orders, amounts,
 * times) every leading apostrophe, of a `text` only one that stands before what a spreadsheet would take for a formula
 * or a number, because names such as 's-Hertogenbosch begin with one.
 */
export type CellKind = 'code' | 'text'

/** Blanks of any width and characters that are not seen, NUL excepted: that one is damage. */
const endJunk = /^[\s\p{Cf}\p{Zl}\p{Zp}\u115F\u1160\u3164\u2800]$/u
const formulaGuard = /^['`][=+\-@\t\r＝＋－＠]/
const numberGuard = /^['`]\d[\d\s.,:/-]*$/

/** A cell without what programs put around a text: blanks, invisible characters, and guards against Excel. */
export function cleanCell(cell: string, kind: CellKind): string {
  if (isPlain(cell)) return cell
  let text = trimEnds(cell)
  for (;;) {
    const inner = trimEnds(withoutGuard(text, kind))
    if (inner === text) return text
    text = inner
  }
}

/** What was taken off that a person may want to know; ordinary blanks are not worth a word. */
export function removedFrom(cell: string, text: string): 'guard' | 'invisible' | undefined {
  const bare = trimEnds(cell)
  if (bare !== text) return 'guard'
  let [from, to] = [0, cell.length]
  while (cell[from] === ' ') from += 1
  while (to > from && cell[to - 1] === ' ') to -= 1
  return bare.length === to - from ? undefined : 'invisible'
}

/** Most cells: their ends are letters, digits or ordinary signs, of which none opens a guard. */
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

/** ASCII that is seen, and the bulk of CJK. */
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
  // Apostrophes at both ends are quotes.
  const isGuard = kind === 'code' ? text.length === 1 || !text.endsWith(first) : numberGuard.test(text)
  return isGuard ? text.slice(1) : text
}

/** `="000123"`: a formula whose value is one text, in which a quote is doubled. */
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

  /** @param inNumbers in columns of numbers and times, where they can be nothing else, besides those that are empty `anywhere`. */
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

  /** Nearly every cell begins otherwise, which takes a tenth of the time in which a set is asked. */
  #mayHave(text: string): boolean {
    return text.length <= this.#maxLength && this.#firstUnits.has(text.charCodeAt(0))
  }
}

export const usualEmptyWords = new EmptyWords(nothingAnywhere)

/** Those and more, which are empty anywhere. */
export function emptyWordsWith(more: readonly string[]): EmptyWords {
  return more.length === 0 ? usualEmptyWords : new EmptyWords([...nothingAnywhere, ...more])
}

const spreadsheetError = /^#(?:REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|WERT!|BEZUG!|ZAHL!|#+)$/
const joiners = /[\u200C\u200D]/g
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const lineBreaks = /[\t\n\r]/g

/** Why a text cannot be used, or undefined. A `free` one may have lines, and the joiners that scripts and emoji need. */
export function textProblem(text: string, free: boolean): string | undefined {
  if (text.includes('\0')) return 'has a NUL character'
  if (text.includes('\uFFFD')) return 'has bytes that are damaged text'
  if (text.startsWith('#') && spreadsheetError.test(text)) return `${text} is an error of a spreadsheet`
  if (plainText.test(text)) return undefined
  const found = hidden.exec(free ? text.replace(joiners, '.').replace(lineBreaks, '.') : text)
  if (found === null) return undefined
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  // A character outside of the basic plane takes two units and one place.
  const place = text.slice(0, found.index).replace(/[\uDC00-\uDFFF]/g, '').length + 1
  return `has control or invisible characters: U+${code} at place ${place}`
}

const plainText = /^[ -~\u3400-\u9FFF]*$/

const maxShownLength = 60

/** A value of a file as a message shows it: on one line, its hidden characters named, and not too long. */
export function shownValue(text: string): string {
  const start = text.slice(0, maxShownLength)
  const visible = start.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    return String.raw`\u` + code.toString(16).toUpperCase().padStart(4, '0')
  })
  return text.length > maxShownLength ? `${visible}…` : visible
}
