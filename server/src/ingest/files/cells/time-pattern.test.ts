import { expect, test } from 'vitest'
import { timePattern } from './time-pattern.ts'

function read(pattern: string, cell: string): string | undefined {
  const outcome = timePattern(pattern)
  if (!outcome.ok) throw new Error(outcome.message)
  const time = outcome.pattern.read(cell)
  return time && new Date(time.day + (time.clockMs ?? 0) - (time.offsetMs ?? 0)).toISOString()
}

test.for([
  ['dd.MM.yyyy HH:mm', '03.11.2026 14:05'],
  ['DD.MM.YYYY HH:mm', '03.11.2026 14:05'],
  ['M/d/yy h:mm a', '11/3/26 2:05 PM'],
  ["yyyy-MM-dd'T'HH:mm:ss.SSSXXX", '2026-11-03T15:05:00.000+01:00'],
  ['yyyyMMddTHHmmss', '20261103T140500'],
  ['EEE, d MMM yyyy HH:mm', 'Di., 3 Nov. 2026 14:05'],
  ['yyyy年M月d日 HH:mm', '2026年11月3日 14:05'],
  ['[dd/MM/yyyy] HH.mm', '[03/11/2026] 14.05'],
  ['yyyy-dd-MM HH:mm ZZ', '2026-03-11 09:35 -0430'],
] as const)('%s reads %s', ([pattern, cell]) => {
  expect(read(pattern, cell)).toBe('2026-11-03T14:05:00.000Z')
})

test.for([
  ['dd.MM.yyyy', '3.11.2026'],
  ['dd.MM.yyyy', '31.02.2026'],
  ['dd.MM.yyyy', '03.11.2026 14:05'],
  ['h:mm a d.M.yyyy', '14:05 PM 3.11.2026'],
  ['dd.MM.yyyy', '03x11x2026'],
] as const)('%s does not read %s', ([pattern, cell]) => {
  expect(read(pattern, cell)).toBeUndefined()
})

test.for([
  ['dd.mm.yyyy', 'MM is missing, the month; mm is the minute'],
  ['dd.MM.yyyy HH:MM', 'the same part stands twice'],
  ['dd.MM', 'yyyy or dd is missing'],
  ['dd.MM.yyyy hh:mm', 'needs a, for AM or PM'],
  ['dd.MM.yyyy q', 'q stands for nothing'],
] as const)('%s is refused: %s', ([pattern, reason]) => {
  expect(timePattern(pattern)).toMatchObject({ ok: false, message: expect.stringContaining(reason) })
})

test.for([
  ['dd.MM.yyyy', 'dmy'],
  ['M/d/yy', 'mdy'],
  ['yyyyMMdd HHmm', 'ymd'],
  ['yyyy-dd-MM', undefined],
  ['d MMM yyyy', undefined],
] as const)('the order of %s is %s', ([text, order]) => {
  expect(timePattern(text)).toMatchObject({ ok: true, pattern: { text, order } })
})

test.for([
  ['d.M.yyyy h:mm a', '3.11.2026 12:05 am', '2026-11-03T00:05:00.000Z'],
  ['d.M.yyyy h:mm tt', '3.11.2026 12:05 p.m.', '2026-11-03T12:05:00.000Z'],
  ['d.M.yyyy ah:mm', '3.11.2026 下午1:05', '2026-11-03T13:05:00.000Z'],
  ['d.M.yyyy ah:mm', '3.11.2026 上午1:05', '2026-11-03T01:05:00.000Z'],
  ['yyyy-MM-dd HH:mm Z', '2026-11-03 14:05 Z', '2026-11-03T14:05:00.000Z'],
  ['yyyy-MM-dd HH:mm x', '2026-11-03 14:05 +08', '2026-11-03T06:05:00.000Z'],
  ['yyyy-MM-dd HH:mm XX', '2026-11-03 14:05 -0330', '2026-11-03T17:35:00.000Z'],
  ['yyyy-MM-dd HH:mm:ss,SSS', '2026-11-03 14:05:06,7', '2026-11-03T14:05:06.700Z'],
  ['yyyy-MM-dd', '2026-11-03', '2026-11-03T00:00:00.000Z'],
  ['yyyy-MM-dd HH', '2026-11-03 14', '2026-11-03T14:00:00.000Z'],
  ['yyyy-MM-dd  HH', '2026-11-03   14', '2026-11-03T14:00:00.000Z'],
  ["yyyy ''MM dd", "2026 '11 03", '2026-11-03T00:00:00.000Z'],
  ["yyyy 'MM' MM dd", '2026 MM 11 03', '2026-11-03T00:00:00.000Z'],
  ['MMMM d, yyyy', 'november 3, 2026', '2026-11-03T00:00:00.000Z'],
] as const)('%s reads %s as %s', ([pattern, cell, instant]) => {
  expect(read(pattern, cell)).toBe(instant)
})

test.for([
  ['d.M.yyyy h:mm a', '3.11.2026 0:05 am'],
  ['d.M.yyyy h:mm a', '3.11.2026 13:05 am'],
  ['d.M.yyyy HH:mm', '3.11.2026 24:05'],
  ['d MMM yyyy', '3 Foo 2026'],
  ['d.M.yyyy', ' 3.11.2026'],
  ['d.M.yyyy', '3.11.2026 '],
  ['d.M.yyyy', '3-11-2026'],
] as const)('%s does not read %j', ([pattern, cell]) => {
  expect(read(pattern, cell)).toBeUndefined()
})

test.for([
  ['yyyy-MM', 'yyyy or dd is missing'],
  ['yyyy-dd', 'MM is missing'],
  ['MM.dd mm', 'yyyy or dd is missing'],
  ['dd.MM.yyyy mm', 'mm is the minute and needs HH, the hour'],
  ['yyyy-MM-dd yy', 'the same part stands twice'],
  ['dd.MM.yyyy HH:mm:nn', 'n stands for nothing'],
] as const)('%s is refused, because %s', ([pattern, reason]) => {
  expect(timePattern(pattern)).toMatchObject({ ok: false, message: expect.stringContaining(reason) })
})

test('what is no letter stands for itself', () => {
  expect(read('(dd)/MM|yyyy', '(03)/11|2026')).toBe('2026-11-03T00:00:00.000Z')
  expect(read('dd.MM.yyyyTHH:mm', '03.11.2026T14:05')).toBe('2026-11-03T14:05:00.000Z')
})
