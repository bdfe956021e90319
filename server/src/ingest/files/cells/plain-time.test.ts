import { describe, expect, test } from 'vitest'
import { readPlainTime } from './plain-time.ts'
import { ZonedClock } from './zoned-clock.ts'

const utc = new ZonedClock('UTC')
const berlin = new ZonedClock('Europe/Berlin')
const at = Date.UTC(2026, 10, 3, 8, 5)

test.for([
  ['2026-11-03T08:05:00.000Z', { at, isDate: false, isLocal: false }],
  ['2026-11-03 08:05', { at, isDate: false, isLocal: true }],
  ['2026/11/3 8:05:00', { at, isDate: false, isLocal: true }],
  ['2026-11-03T08:05:00,5', { at: at + 500, isDate: false, isLocal: true }],
  ['2026-11-03 10:05 +02', { at, isDate: false, isLocal: false }],
  ['2026-11-03 10:05+0200', { at, isDate: false, isLocal: false }],
  ['2026-11-03 05:35-02:30', { at, isDate: false, isLocal: false }],
  ['2026-11-03 8:05 utc', { at, isDate: false, isLocal: false }],
  ['2026-11-03', { at: Date.UTC(2026, 10, 3), isDate: true, isLocal: true }],
  ['2026-11-03Z', { at: Date.UTC(2026, 10, 3), isDate: true, isLocal: false }],
  ['2026-11-03+01:00', { at: Date.UTC(2026, 10, 2, 23), isDate: true, isLocal: false }],
  ['1970-01-01T00:00:00.001Z', { at: 1, isDate: false, isLocal: false }],
] as const)('%s is read at once', ([text, time]) => {
  expect(readPlainTime(text, utc, false)).toEqual({ ok: true, doubt: undefined, laterAt: time.at, ...time })
})

test.for(['2026-11-03-14', '03.11.2026', '2026-11/03', '2026-11-03 8', '2026-11-03 8:5', '20261103', 'x'])(
  '%s is of another form',
  (text) => {
    expect(readPlainTime(text, utc, false)).toBeUndefined()
  },
)

test.for([
  ['2026-02-30', 'unreadable', '2026-02-30 does not exist'],
  ['2026-11-03 24:01', 'unreadable', '2026-11-03 24:01 does not exist'],
  ['2026-11-03 08:05+24:30', 'unreadable', 'has an offset that does not exist'],
  ['1969-12-31T23:59:59.999Z', 'unreadable', 'is before 1970'],
  ['1970-01-01T00:00:00Z', 'placeholder', 'stands for no date'],
  ['1970-01-01 01:00+01:00', 'placeholder', 'stands for no date'],
  ['0000-00-00', 'placeholder', 'stands for no date'],
  ['9999-12-31', 'placeholder', 'stands for no date'],
] as const)('%s is %s: it %s', ([text, cause, message]) => {
  expect(readPlainTime(text, utc, false)).toEqual({ ok: false, cause, message: expect.stringContaining(message) })
})

describe('a time without an offset', () => {
  test('needs a zone', () => {
    const noZone = { ok: false, cause: 'unreadable', message: expect.stringContaining('has no offset from UTC') }
    for (const text of ['2026-11-03 08:05', '2026-11-03', '2026-11-03T08:05:00.000'])
      expect(readPlainTime(text, undefined, false)).toEqual(noZone)
    expect(readPlainTime('2026-11-03T08:05Z', undefined, false)).toMatchObject({ ok: true, at })
  })

  test('may be skipped or come twice', () => {
    const read = (text: string) => readPlainTime(text, berlin, false)
    const skippedAt = Date.UTC(2026, 2, 29, 1, 30)
    expect(read('2026-03-29 02:30')).toEqual({ ok: true, at: skippedAt, laterAt: skippedAt, doubt: 'gap', isDate: false, isLocal: true }) // prettier-ignore
    const twiceAt = Date.UTC(2026, 9, 25, 0, 30)
    expect(read('2026-10-25 02:30')).toEqual({ ok: true, at: twiceAt, laterAt: twiceAt + 3_600_000, doubt: 'fold', isDate: false, isLocal: true }) // prettier-ignore
  })
})

test('a day as a promise is its last millisecond, also with an offset', () => {
  const end = (text: string) => {
    const time = readPlainTime(text, berlin, true)
    return time?.ok === true ? time.at : undefined
  }
  expect(end('2026-11-03')).toBe(Date.UTC(2026, 10, 3, 23) - 1)
  expect(end('2026-11-03Z')).toBe(Date.UTC(2026, 10, 4) - 1)
  expect(end('2026-11-03 08:05Z')).toBe(at)
})

test('a day whose midnight was skipped is in no doubt', () => {
  const time = readPlainTime('2018-11-04', new ZonedClock('America/Sao_Paulo'), false)
  expect(time).toMatchObject({ ok: true, at: Date.UTC(2018, 10, 4, 3), doubt: undefined, isDate: true })
})
