import { expect, it } from 'vitest'
import { isRepeated } from './time-texts.ts'

it('only the second of two hours with the same name is a repeated one', () => {
  const repeated = (at: string, zone: string) => isRepeated(Date.parse(at), zone)
  expect(repeated('2026-10-25T02:00:00+02:00', 'Europe/Berlin')).toBe(false)
  expect(repeated('2026-10-25T02:00:00+01:00', 'Europe/Berlin')).toBe(true)
  expect(repeated('2026-10-25T03:00:00+01:00', 'Europe/Berlin')).toBe(false)
  expect(repeated('2026-04-05T02:00:00+10:30', 'Australia/Lord_Howe')).toBe(false)
  expect(repeated('2026-06-09T14:00:00+05:45', 'Asia/Kathmandu')).toBe(false)
})
