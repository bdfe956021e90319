/** Decimal separator. */
export type DecimalSign = '.' | ','

/** What a single cell says while the decimal separator of its column is unknown. */
export type NumberText =
  /** `sign` is the decimal separator that the cell proves; undefined if it contains no separator. */
  | { readonly kind: 'number'; readonly value: number; readonly sign: DecimalSign | undefined }
  /** One separator followed by three digits, such as 1,234: decimals or thousands. */
  | { readonly kind: 'open'; readonly sign: DecimalSign; readonly decimal: number; readonly thousands: number }
  | { readonly kind: 'unreadable'; readonly reason: string }

const currencyCodes = new Set(Intl.supportedValuesOf('currency'))
const currency = String.raw`(?:[A-Z]{1,3}\p{Sc}|\p{Sc}|[A-Z]{3}|人民币|元|円|원|kr\.?|zł|Kč|Ft|Fr\.)`
const around = new RegExp(`^(${currency})? ?([+-])? ?(${currency})? ?([\\d.,' _]*\\d[.,]?)(-)? ?(${currency})?$`, 'u')
const scientific = /^[+-]?\d+(?:[.,]\d+)?e[+-]?\d+$/i
const grouped = /^(\d{1,3})(?:([ '_])\d{3})(?:\2\d{3})*(?=$|[.,]\d*$)/
/**
 * Words for a piece by language, as they follow a quantity. Units in which a number means something else, such as kg,
 * boxes or dozens, are not among them.
 */
const pieceWords = {
  en: ['pc', 'pcs', 'pce', 'pces', 'piece', 'pieces', 'ea', 'each', 'unit', 'units'],
  de: ['stk', 'stck', 'stück', 'stücke', 'st'],
  fr: ['pièce', 'pièces', 'unité', 'unités'],
  es: ['ud', 'uds', 'und', 'unds', 'unidad', 'unidades', 'pza', 'pzas', 'pieza', 'piezas'],
  it: ['pz', 'pezzo', 'pezzi'],
  pt: ['un', 'unidade', 'unidades', 'pç', 'pçs', 'peça', 'peças'],
  pl: ['szt', 'sztuka', 'sztuki', 'sztuk'],
  cs: ['ks', 'kus', 'kusy', 'kusů'],
  hu: ['db', 'darab'],
  ru: ['шт', 'штука', 'штуки', 'штук'],
  zh: ['个', '個', '件', '只', '台'],
  ko: ['개'],
} as const
const pieces = new RegExp(`(?<=[\\d.,]) ?(?:${Object.values(pieceWords).flat().join('|')})\\.?$`, 'iu')
/** A number with more digits before the decimals is an identifier rather than a quantity. */
const maxDigits = 15

/**
 * Reads a number as people and programs write it: with grouped thousands, a currency, brackets or a trailing sign for
 * negative numbers, in digits of any width.
 * @param counts whether it says how many there are of something, so that a word for pieces may follow.
 */
export function readNumberText(cell: string, counts: boolean): NumberText {
  const written = cell
    .normalize('NFKC')
    .replace(/[−–]/g, '-')
    .replace(/[’‘´`]/g, "'")
    .replace(/\s+/g, ' ')
    .trim()
  const text = counts ? written.replace(pieces, '') : written
  if (/[%‰]$/.test(text)) return unreadable('is a percentage')
  if (scientific.test(text)) return unreadable('is in scientific notation, which may be rounded')
  const bracketed = /^\((.+)\)$/.exec(text)?.[1]
  const match = around.exec(bracketed ?? text)
  if (match === null) return unreadable('is no number')
  const [, front, sign, middle, digits = '', trailing, end] = match
  const names = [front, middle, end].filter((name) => name !== undefined)
  if (
    names.length > (text === written ? 1 : 0) ||
    names.some((name) => /^[A-Z]{3}$/.test(name) && !currencyCodes.has(name))
  )
    return unreadable('is no number')
  const signs = [sign, trailing, bracketed].filter((found) => found !== undefined)
  if (signs.length > 1) return unreadable('is no number')
  return readDigits(digits.trim(), sign === '-' || trailing !== undefined || bracketed !== undefined ? -1 : 1)
}

function readDigits(text: string, factor: 1 | -1): NumberText {
  const group = grouped.exec(text)
  const digits = group === null ? text : text.replaceAll(group[2] ?? '', '')
  if (/[ '_]/.test(digits)) return unreadable('is no number')
  const signs = digits.replace(/\d/g, '')
  const [first, last] = [signs.at(0), signs.at(-1)]
  if (!isSign(first) || !isSign(last)) return number(digits, factor, undefined)
  if (first !== last) return readBoth(digits, first, last, factor)
  if (signs.length > 1)
    return isGrouped(digits, first)
      ? number(digits.replaceAll(first, ''), factor, other(first))
      : unreadable('is no number')
  const [whole = '', decimals = ''] = digits.split(first)
  const mayBeThousands = group === null && /^[1-9]\d{0,2}$/.test(whole) && decimals.length === 3
  if (!mayBeThousands) return number(`${whole || '0'}.${decimals}`, factor, first)
  const [decimal, thousands] = [Number(`${whole}.${decimals}`) * factor, Number(whole + decimals) * factor]
  return { kind: 'open', sign: first, decimal, thousands }
}

/** Both separators occur: the last one is the decimal separator and occurs once. */
function readBoth(digits: string, group: DecimalSign, sign: DecimalSign, factor: 1 | -1): NumberText {
  const at = digits.lastIndexOf(sign)
  const whole = digits.slice(0, at)
  if (whole.includes(sign) || !isGrouped(whole, group)) return unreadable('is no number')
  return number(`${whole.replaceAll(group, '')}.${digits.slice(at + 1)}`, factor, sign)
}

/** Groups of three digits, or in India groups of two before the last three. */
function isGrouped(text: string, sign: DecimalSign): boolean {
  const [first = '', ...groups] = text.split(sign)
  const last = groups.at(-1)
  return (
    /^\d{1,3}$/.test(first) && last?.length === 3 && groups.every((group) => group.length === 3 || group.length === 2)
  )
}

function number(text: string, factor: 1 | -1, sign: DecimalSign | undefined): NumberText {
  if (!/^\d+(?:\.\d*)?$/.test(text) || text.replace(/\..*/, '').length > maxDigits) return unreadable('is no number')
  return { kind: 'number', value: Number(text) * factor, sign }
}

function unreadable(reason: string): NumberText {
  return { kind: 'unreadable', reason }
}

function isSign(text: string | undefined): text is DecimalSign {
  return text === '.' || text === ','
}

export function other(sign: DecimalSign): DecimalSign {
  return sign === '.' ? ',' : '.'
}
