/** How a workbook displays a number: as a number, padded with zeros, or as a date or time. */
export type NumberFormat =
  | { readonly kind: 'number' }
  | { readonly kind: 'padded'; readonly digits: number }
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
  if (/^0+$/.test(positive)) return { kind: 'padded', digits: positive.length }
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
  return format.kind === 'padded' && /^\d+$/.test(text) ? text.padStart(format.digits, '0') : text
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
