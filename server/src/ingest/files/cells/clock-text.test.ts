import { describe, expect, test } from 'vitest'
import { clockAt, zoneAt } from './clock-text.ts'

const hourMs = 3_600_000
const minuteMs = 60_000

/** The time of day at the start of a text as `HH:mm:ss.SSS`, and what follows it. */
function clock(text: string, afterDigits = false): string | undefined {
  const found = clockAt(text, 0, afterDigits)
  if (found === undefined) return undefined
  const time = found.ms === undefined ? 'none' : new Date(found.ms).toISOString().slice(11, 23)
  return `${time}|${text.slice(found.end)}`
}

test.for([
  ['14:05', '14:05:00.000|'],
  ['4.05 Uhr', '04:05:00.000| Uhr'],
  ['14:05:06', '14:05:06.000|'],
  ['14:05:06.5Z', '14:05:06.500|Z'],
  ['14.05.06,123456789', '14:05:06.123|'],
  ['14:05:06:250', '14:05:06.250|'],
  ['14:05.06', '14:05:00.000|.06'],
  ['14:60', 'none|'],
  ['14:5', undefined],
  ['14:055', undefined],
  ['14', undefined],
  ['x', undefined],
  ['14h05', '14:05:00.000|'],
  ['14h', '14:00:00.000|'],
  ['14時05分06秒', '14:05:06.000|'],
  ['14 h 5 min 6.5 s', '14:05:06.500|'],
  ['14시 5분', '14:05:00.000|'],
] as const)('%s is the time of day %s', ([text, time]) => {
  expect(clock(text)).toBe(time)
})

test.for([
  ['2 PM', '14:00:00.000|'],
  ['2pm', '14:00:00.000|'],
  ['2:05 p. m.', '14:05:00.000|'],
  ['2:05 AM CET', '02:05:00.000| CET'],
  ['12 am', '00:00:00.000|'],
  ['12:05 PM', '12:05:00.000|'],
  ['0:05 PM', '12:05:00.000|'],
  ['13:05 PM', '13:05:00.000|'],
  ['23:05 PM', '23:05:00.000|'],
  ['24:00 PM', 'none|'],
  ['13:05 AM', 'none|'],
  ['13 AM', 'none|'],
  ['24 PM', 'none|'],
  ['晚上12', 'none|'],
  ['2:05 pma', '02:05:00.000| pma'],
  ['下午2点', '14:00:00.000|'],
  ['下午 2:05', '14:05:00.000|'],
  ['午後2時5分', '14:05:00.000|'],
  ['오후 2', '14:00:00.000|'],
  ['午前2時5分', '02:05:00.000|'],
  ['오전 12:05', '00:05:00.000|'],
  ['凌晨12点', '00:00:00.000|'],
  ['清晨5点', '05:00:00.000|'],
  ['早上8点', '08:00:00.000|'],
  ['傍晚6点', '18:00:00.000|'],
  ['晚上11点', '23:00:00.000|'],
  ['晚上20点', '20:00:00.000|'],
  ['晚上12点', 'none|'],
  ['夜间12点', 'none|'],
  ['傍晚12点', 'none|'],
  ['下午12点', '12:00:00.000|'],
  ['中午9点', 'none|'],
  ['中午10点', '10:00:00.000|'],
  ['中午12:05', '12:05:00.000|'],
  ['中午13点', 'none|'],
  ['中午2点', '14:00:00.000|'],
  ['中午3点', 'none|'],
  ['下午', undefined],
] as const)('%s with a part of the day is %s', ([text, time]) => {
  expect(clock(text)).toBe(time)
})

test.for([
  ['1405', '14:05:00.000|'],
  ['140506', '14:05:06.000|'],
  ['140506123', '14:05:06.123|'],
  ['140506.5Z', '14:05:06.500|Z'],
  ['2505', 'none|'],
  ['14051', undefined],
  ['140', undefined],
] as const)('the digits %s after a date of digits are %s', ([text, time]) => {
  expect([clock(text, true), clock(text)]).toEqual([time, undefined])
})

test('a time of day is read from its place on', () => {
  expect(clockAt('3.11.2026 14:05', 10, false)).toEqual({ ms: 14 * hourMs + 5 * minuteMs, end: 15 })
})

describe('a zone', () => {
  const offset = (text: string) => zoneAt(text, 0)

  test.for([
    ['', undefined],
    [' Uhr', undefined],
    [' hrs', undefined],
    ['Z', 0],
    [' utc', 0],
    ['+08:00', 8],
    [' + 8', 8],
    ['+0800', 8],
    ['-0330', -3.5],
    ['−05:00', -5],
    ['+05:30:00', 5.5],
    [' UTC+8', 8],
    [' GMT-0500 (Eastern Standard Time)', -5],
    ['Z (Greenwich)', 0],
    ['+01:00 CET', 1],
    ['+08:00[Asia/Shanghai]', 8],
    ['+08:00 [UTC]', 8],
  ] as const)('%j is %s hours from UTC', ([text, hours]) => {
    const offsetMs = hours === undefined ? undefined : hours * hourMs
    expect(offset(text)).toEqual({ offsetMs, clock: undefined, problem: undefined })
  })

  test('may be an abbreviation that means a single one', () => {
    const hours = {
      UTC: 0, GMT: 0, UT: 0, WET: 0, WEST: 1, CET: 1, MEZ: 1, CEST: 2, MESZ: 2, EET: 2, EEST: 3, MSK: 3,
      HKT: 8, SGT: 8, JST: 9, KST: 9, EST: -5, EDT: -4, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7,
    } // prettier-ignore
    for (const [name, hour] of Object.entries(hours))
      expect([name, offset(` ${name}`)?.offsetMs]).toEqual([name, hour * hourMs])
  })

  test('may have a name', () => {
    expect(offset('[Asia/Shanghai]')?.clock?.zone).toBe('Asia/Shanghai')
    expect(offset(' Europe/Berlin')?.clock?.zone).toBe('Europe/Berlin')
    expect(offset('[America/Argentina/Buenos_Aires]')?.clock?.zone).toBe('America/Argentina/Buenos_Aires')
  })

  test.for([
    [' CST', 'names the zone CST, which may be several'],
    [' ist', 'names the zone IST, which may be several'],
    ['+25:00', 'has an offset that does not exist'],
    ['[Europe/Atlantis]', 'names a zone that does not exist: Europe/Atlantis'],
  ] as const)('%s is not read: it %s', ([text, problem]) => {
    expect(offset(text)).toMatchObject({
      offsetMs: undefined,
      clock: undefined,
      problem: expect.stringContaining(problem),
    })
  })

  test.for([' (at night)', ' CET (Berlin)', '+08:60', ' 14', '!', ' tomorrow'])('%j is none', (text) => {
    expect(offset(text)).toBeUndefined()
  })
})
