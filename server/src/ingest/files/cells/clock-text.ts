import { clockMs } from './civil-time.ts'
import { matchAt } from './date-text.ts'
import { ZonedClock } from './zoned-clock.ts'

/** Ms since midnight, and the index where its text ends; `ms` is undefined for an invalid time of day. */
interface ClockText {
  readonly ms: number | undefined
  readonly end: number
}

const halfNames = String.raw`a\.? ?m\.?|p\.? ?m\.?|上午|下午|凌晨|早上|早晨|清晨|中午|傍晚|晚上|夜间|午前|午後|오전|오후`
const half = new RegExp(String.raw` ?(${halfNames})(?![\p{L}])`, 'iuy')
const halfBefore = new RegExp(String.raw`(${halfNames}) ?`, 'iuy')
const withSigns = /(\d{1,2})([:.])(\d{2})(?:\2(\d{2})(?:[.,:](\d{1,9}))?)?(?!\d)/y
const withWords =
  /(\d{1,2}) ?(?:[时時点點시h])(?: ?(\d{1,2}) ?(?:[分분]|m(?:in)?)?(?: ?(\d{1,2})(?:[.,](\d{1,9}))? ?(?:[秒초]|s)?)?)?(?!\d)/iy
const digits = /(\d{2})(\d{2})(?:(\d{2})(?:[.,]?(\d{1,9}))?)?(?!\d)/y
const hourOnly = /(\d{1,2})(?!\d)/y

/**
 * The time of day at an index of a text; undefined if there is none. Digits alone only count after a date of digits.
 */
export function clockAt(text: string, at: number, afterDigits: boolean): ClockText | undefined {
  const before = matchAt(halfBefore, text, at)
  const from = before === null ? at : halfBefore.lastIndex
  const parts = clockParts(text, from, afterDigits)
  const after = before === null ? matchAt(half, text, parts?.end ?? from + hourLength(text, from)) : null
  const name = before?.[1] ?? after?.[1]
  if (parts === undefined) {
    // "2 PM": an hour alone is a time if a day period is given.
    const hour = matchAt(hourOnly, text, from)
    if (hour === null || name === undefined) return undefined
    const end = after === null ? hourOnly.lastIndex : half.lastIndex
    const fullHour = hourOf(Number(hour[1]), name)
    return { ms: fullHour === undefined ? undefined : clockMs(fullHour, 0), end }
  }
  const end = after === null ? parts.end : half.lastIndex
  const hour = name === undefined ? parts.hour : hourOf(parts.hour, name)
  return { ms: hour === undefined ? undefined : clockMs(hour, parts.minute, parts.second, parts.fraction), end }
}

function hourLength(text: string, at: number): number {
  return matchAt(hourOnly, text, at)?.[0].length ?? 0
}

function clockParts(text: string, at: number, afterDigits: boolean) {
  for (const pattern of [withSigns, withWords, ...(afterDigits ? [digits] : [])]) {
    const match = matchAt(pattern, text, at)
    if (match === null) continue
    const [minute, second, fraction] = pattern === withSigns ? match.slice(3) : match.slice(2)
    return {
      hour: Number(match[1]),
      minute: Number(minute ?? 0),
      second: Number(second ?? 0),
      fraction: fraction ?? '',
      end: pattern.lastIndex,
    }
  }
  return undefined
}

/** Converts a 12-hour hour to a 24-hour hour by its day period; undefined if they contradict each other. */
function hourOf(hour: number, name: string): number | undefined {
  const isPast12 = hour > 12
  if (/^(?:a|上午|凌晨|早|清晨|午前|오전)/i.test(name)) return isPast12 ? undefined : hour % 12
  if (name === '中午') return hour >= 10 && hour <= 12 ? hour : hour < 3 ? hour + 12 : undefined
  // Some write midnight as 晚上12点 although it belongs to the next day, so it remains ambiguous.
  if (hour === 12 && /^(?:晚上|夜间|傍晚)/.test(name)) return undefined
  return isPast12 ? (hour < 24 ? hour : undefined) : (hour % 12) + 12
}

/** Only abbreviations with a single offset; CST, IST and BST have several. */
const zoneOffsetHours: Readonly<Record<string, number>> = {
  Z: 0, UTC: 0, GMT: 0, UT: 0, WET: 0, WEST: 1, CET: 1, MEZ: 1, CEST: 2, MESZ: 2, EET: 2, EEST: 3, MSK: 3,
  HKT: 8, SGT: 8, JST: 9, KST: 9, EST: -5, EDT: -4, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7,
} // prettier-ignore

/** The time zone at the end of a text. */
export interface ZoneText {
  readonly offsetMs: number | undefined
  /** An IANA zone, if the text has no offset. */
  readonly clock: ZonedClock | undefined
  /** Why it cannot be used. */
  readonly problem: string | undefined
}

const zone =
  /(?: ?(?:uhr|hrs?|h)(?![A-Z]))?(?: ?(Z|UTC|GMT)(?![A-Z]))?(?: ?([+−-]) ?(\d{1,2})(?::?([0-5]\d)(?::?00)?)?)?(?: ?([A-Z]{2,5})(?![A-Z/]))?(?: ?[[(]?([A-Z][A-Z_]+(?:\/[A-Z_+-]+)+|UTC|GMT)[\])]?)?( ?\([^)]{1,60}\))?$/iy

/** Undefined if something else than a zone follows. */
export function zoneAt(text: string, at: number): ZoneText | undefined {
  const match = matchAt(zone, text, at)
  if (match === null) return undefined
  const [, utc, sign, hour, minute, short, name, comment] = match
  // Only an offset is followed by the name of its zone; other brackets may contain a part of the time.
  if (comment !== undefined && sign === undefined && utc === undefined) return undefined
  if (sign !== undefined) {
    const offset = clockMs(Number(hour), Number(minute ?? 0))
    if (offset === undefined)
      return { offsetMs: undefined, clock: undefined, problem: 'has an offset that does not exist' }
    return known(sign === '+' ? offset : -offset)
  }
  if (name !== undefined) return namedZone(name)
  const shortName = (utc ?? short)?.toUpperCase()
  if (shortName === undefined) return known(undefined)
  const hours = zoneOffsetHours[shortName]
  if (hours === undefined)
    return {
      offsetMs: undefined,
      clock: undefined,
      problem: `names the zone ${shortName}, which may be several; write an offset such as +08:00`,
    }
  return known(hours * 3_600_000)
}

const maxZones = 20
const zoneClocks = new Map<string, ZonedClock>()

function namedZone(name: string): ZoneText {
  try {
    const clock = zoneClocks.get(name) ?? new ZonedClock(name)
    if (zoneClocks.size < maxZones) zoneClocks.set(name, clock)
    return { offsetMs: undefined, clock, problem: undefined }
  } catch {
    return { offsetMs: undefined, clock: undefined, problem: `names a zone that does not exist: ${name}` }
  }
}

function known(offsetMs: number | undefined): ZoneText {
  return { offsetMs, clock: undefined, problem: undefined }
}
