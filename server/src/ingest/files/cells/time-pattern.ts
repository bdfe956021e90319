import { clockMs, dayStartMs, fullYear } from './civil-time.ts'
import type { DateOrder } from './date-text.ts'
import { monthOf } from './month-names.ts'
import type { WrittenTime } from './plain-time.ts'

/** User-defined format of the times of a file: `dd.MM.yyyy HH:mm`. */
export interface TimePattern {
  readonly text: string
  /** Order of its numbers, which also applies to dates in other formats. Undefined if the month is a name. */
  readonly order: DateOrder | undefined
  /** Undefined if the cell has another format or the calendar has no such day. */
  read(cell: string): WrittenTime | undefined
}

type Part =
  | 'year'
  | 'month'
  | 'monthName'
  | 'day'
  | 'hour'
  | 'hour12'
  | 'minute'
  | 'second'
  | 'fraction'
  | 'half'
  | 'offset'

const tokens: readonly (readonly [pattern: RegExp, regex: string, part: Part | undefined])[] = [
  [/^(?:yyyy|YYYY|uuuu)/, String.raw`(\d{4})`, 'year'],
  [/^(?:yy|YY)/, String.raw`(\d{2})`, 'year'],
  [/^MMMM?/, String.raw`(\p{L}{3,12})\.?`, 'monthName'],
  [/^MM/, String.raw`(\d{2})`, 'month'],
  [/^M/, String.raw`(\d{1,2})`, 'month'],
  [/^(?:dd|DD)/, String.raw`(\d{2})`, 'day'],
  [/^[dD]/, String.raw`(\d{1,2})`, 'day'],
  [/^HH/, String.raw`(\d{2})`, 'hour'],
  [/^H/, String.raw`(\d{1,2})`, 'hour'],
  [/^hh/, String.raw`(\d{2})`, 'hour12'],
  [/^h/, String.raw`(\d{1,2})`, 'hour12'],
  [/^mm/, String.raw`(\d{2})`, 'minute'],
  [/^m/, String.raw`(\d{1,2})`, 'minute'],
  [/^ss/, String.raw`(\d{2})`, 'second'],
  [/^s/, String.raw`(\d{1,2})`, 'second'],
  [/^[Sf]+/, String.raw`(\d{1,9})`, 'fraction'],
  [/^(?:a|tt)/, String.raw`([ap]\.?m\.?|上午|下午|午前|午後|오전|오후)`, 'half'],
  [/^(?:XXX|xxx|XX|xx|X|x|ZZ|Z|zzz)/, String.raw`(Z|[+-]\d{2}(?::?\d{2})?)`, 'offset'],
  [/^E+/, String.raw`\p{L}{1,10}\.?`, undefined],
  [/^'[^']*'/, '', undefined],
]

/** The pattern, or the reason why the text is not a pattern. */
export type PatternOutcome =
  | { readonly ok: true; readonly pattern: TimePattern }
  | { readonly ok: false; readonly message: string }

/** Parses a pattern such as `dd.MM.yyyy HH:mm`, with the letters of Java, .NET and date-fns. */
export function timePattern(text: string): PatternOutcome {
  const parts: Part[] = []
  let source = ''
  let rest = text
  while (rest !== '') {
    const token = tokens.find(([pattern]) => pattern.test(rest))
    const taken = token?.[0].exec(rest)?.[0] ?? rest.charAt(0)
    if (token === undefined && /[A-Za-z]/.test(taken) && taken !== 'T')
      return { ok: false, message: `${text}: ${taken} stands for nothing; use yyyy MM dd HH mm ss, or quotes: 'T'` }
    if (token?.[2] !== undefined) parts.push(token[2])
    source += token === undefined || token[1] === '' ? literal(taken) : token[1]
    rest = rest.slice(taken.length)
  }
  const problem = patternProblem(parts)
  if (problem !== undefined) return { ok: false, message: `${text}: ${problem}` }
  const regex = new RegExp(`^${source}$`, 'iu')
  return { ok: true, pattern: { text, order: orderOf(parts), read: (cell) => readParts(regex.exec(cell), parts) } }
}

function literal(text: string): string {
  const plain = text.startsWith("'") ? text.slice(1, -1) || "'" : text
  return plain === ' ' ? String.raw`\s+` : RegExp.escape(plain)
}

function patternProblem(parts: readonly Part[]): string | undefined {
  const has = (part: Part) => parts.includes(part)
  if (new Set(parts).size < parts.length) return 'the same part stands twice; MM is the month and mm the minute'
  if (!has('month') && !has('monthName')) return 'MM is missing, the month; mm is the minute'
  if (!has('year') || !has('day')) return 'yyyy or dd is missing'
  if (has('hour12') && !has('half')) return 'hh is the hour of 12 and needs a, for AM or PM; HH is the hour of 24'
  if (has('minute') && !has('hour') && !has('hour12')) return 'mm is the minute and needs HH, the hour'
  return undefined
}

function orderOf(parts: readonly Part[]): DateOrder | undefined {
  const order = parts.filter((part) => part === 'year' || part === 'month' || part === 'day').map((part) => part[0])
  const text = order.join('')
  return text === 'dmy' || text === 'mdy' || text === 'ymd' ? text : undefined
}

function readParts(match: RegExpExecArray | null, parts: readonly Part[]): WrittenTime | undefined {
  if (match === null) return undefined
  const found = new Map(parts.map((part, i) => [part, match[i + 1] ?? '']))
  const number = (part: Part) => Number(found.get(part) ?? 0)
  const month = found.has('monthName') ? monthOf(found.get('monthName') ?? '') : number('month')
  const day = month === undefined ? undefined : dayStartMs(fullYear(found.get('year') ?? ''), month, number('day'))
  const hour = found.has('hour12') ? hourOf12(number('hour12'), found.get('half') ?? '') : number('hour')
  const isDate = !found.has('hour') && !found.has('hour12')
  const ms = isDate ? undefined : clockMs(hour, number('minute'), number('second'), found.get('fraction'))
  if (day === undefined || (!isDate && ms === undefined)) return undefined
  return { day, clockMs: ms, offsetMs: offsetOf(found.get('offset')) }
}

function hourOf12(hour: number, half: string): number {
  if (hour < 1 || hour > 12) return 99
  return (hour % 12) + (/^(?:p|下午|午後|오후)/i.test(half) ? 12 : 0)
}

function offsetOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (text.toUpperCase() === 'Z') return 0
  const ms =
    (Number(text.slice(1, 3)) * 60 + Number(text.slice(-2).padStart(2, '0')) * (text.length > 3 ? 1 : 0)) * 60_000
  return text.startsWith('-') ? -ms : ms
}
