/** How a workbook displays a number: as a number, padded with zeros, or as a date or time. */
export type NumberFormat =
  | { readonly kind: 'number' }
  /** `pattern`: 0 and # stand for digits, the others for themselves. */
  | { readonly kind: 'padded'; readonly pattern: readonly string[] }
  | { readonly kind: 'time'; readonly hasDate: boolean; readonly hasClock: boolean }

const plainNumber: NumberFormat = { kind: 'number' }
const date: NumberFormat = { kind: 'time', hasDate: true, hasClock: false }
const clock: NumberFormat = { kind: 'time', hasDate: false, hasClock: true }
const dateAndClock: NumberFormat = { kind: 'time', hasDate: true, hasClock: true }

/** ECMA-376 part 1, 18.8.30; 27 to 36 and 50 to 58 are used by East Asian versions. */
const builtInRanges: readonly (readonly [first: number, last: number, format: NumberFormat])[] = [
  [14, 17, date],
  [18, 21, clock],
  [22, 22, dateAndClock],
  [27, 31, date],
  [32, 35, clock],
  [36, 36, date],
  [45, 47, clock],
  [50, 54, date],
  [55, 56, clock],
  [57, 58, date],
]

export function builtInFormat(id: number): NumberFormat {
  return builtInRanges.find(([first, last]) => id >= first && id <= last)?.[2] ?? plainNumber
}

/** Longest format code in Excel. */
const maxFormatLength = 255

/** Parses a format code such as `yyyy\-mm\-dd hh:mm` or `000000`. */
export function numberFormat(code: string): NumberFormat {
  if (code.length > maxFormatLength) return plainNumber
  const [positive = ''] = code.split(';')
  const pattern = codePattern(positive)
  if (pattern !== undefined) return { kind: 'padded', pattern }
  const hasElapsed = /\[(h+|m+|s+)\]/i.test(positive)
  const bare = positive
    .replaceAll(/"[^"]*"|\\.|_.|\*./g, '')
    .replaceAll(/\[[^\]]*\]/g, '')
    .replaceAll(/general|am\/pm|a\/p/gi, '')
  const hasClock = hasElapsed || /[hs]/i.test(bare)
  const hasDate = !hasElapsed && /[yd]|e(?!\+)|m{3,}/i.test(bare.replaceAll(/e[+-]/gi, ''))
  const isMonth = !hasClock && /m/i.test(bare)
  if (!hasClock && !hasDate && !isMonth) return plainNumber
  return { kind: 'time', hasDate: hasDate || isMonth, hasClock }
}

const dayMs = 86_400_000
/** Excel's 1900 calendar includes a nonexistent 29 February, as number 60. */
const epoch1900 = Date.UTC(1899, 11, 30)
const epoch1904 = Date.UTC(1904, 0, 1)
/** The end of the year 9999. */
const maxDays = 2_958_466
/** Larger numbers may have lost digits. */
const exactDigits = 1e15

/**
 * Converts a cell number to text: a day number becomes `2026-11-03`, `2026-11-03 08:00:00` or `08:00:00`, in local time
 * without a zone.
 */
export function numberText(raw: string, format: NumberFormat, since1904: boolean): string {
  const value = Number(raw)
  if (raw.trim() === '' || !Number.isFinite(value)) return raw
  if (format.kind === 'time' && value >= 0 && value < maxDays) return timeText(value, format, since1904)
  // Kept as is, to make the lost digits visible.
  if (Math.abs(value) >= exactDigits) return raw
  const text = String(value)
  return format.kind === 'padded' && /^\d+$/.test(text) ? paddedText(text, format.pattern) : text
}

const token = /"([^"]*)"|\\(.)|(general|[0#])|([-/ ()])/giy

/**
 * The format of a code: `000000`, `"SO-"0000`, `000\-00`. Undefined for the formats of quantities and amounts, among
 * them `0" pcs"`: their texts are no part of the number.
 */
function codePattern(format: string): readonly string[] | undefined {
  const text = format.replaceAll(/\[[^\]]*\]/g, '')
  const pattern: string[] = []
  token.lastIndex = 0
  for (let end = 0; end < text.length; end = token.lastIndex) {
    const match = token.exec(text)
    if (match === null) return undefined
    const [, quoted, escaped, digit, literal] = match
    if (digit === undefined) pattern.push(...Array.from(quoted ?? escaped ?? literal ?? '', (char) => `'${char}`))
    else pattern.push(digit === '0' ? '0' : '#')
  }
  const zeros = pattern.filter((char) => char === '0').length
  const firstDigit = pattern.findIndex(isPlace)
  if (firstDigit < 0) return undefined
  const hasPrefix = pattern.slice(0, firstDigit).some((char) => /[\p{L}\d]/u.test(char))
  return hasPrefix || zeros > 1 ? pattern : undefined
}

function isPlace(char: string): boolean {
  return char === '0' || char === '#'
}

/** The digits take the places of the pattern from the right; those left over stand before the first one. */
function paddedText(digits: string, pattern: readonly string[]): string {
  let [rest, text] = [digits, '']
  const first = pattern.findIndex(isPlace)
  for (const [i, char] of [...pattern.entries()].toReversed()) {
    if (!isPlace(char)) text = char.slice(1) + text
    else if (i === first) [rest, text] = ['', (rest || (char === '0' ? '0' : '')) + text]
    else {
      text = (rest.at(-1) ?? (char === '0' ? '0' : '')) + text
      rest = rest.slice(0, -1)
    }
  }
  return text
}

function timeText(days: number, format: { readonly hasDate: boolean; readonly hasClock: boolean }, since1904: boolean) {
  const ms = Math.round(days * dayMs)
  if (!format.hasDate) return clockText(ms)
  const clockMs = ms % dayMs
  const begin = since1904 ? epoch1904 : epoch1900 + (days < 60 ? dayMs : 0)
  const day = new Date(begin + ms - clockMs).toISOString().slice(0, 10)
  return format.hasClock || clockMs > 0 ? `${day} ${clockText(clockMs)}` : day
}

function clockText(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const rest = ms % 1000
  const text = `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}`
  return rest === 0 ? text : `${text}.${String(rest).padStart(3, '0')}`
}
