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
