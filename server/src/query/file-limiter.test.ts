import { expect, it } from 'vitest'
import { FileLimiter } from './file-limiter.ts'

const code = (begin: () => unknown): unknown => {
  try {
    begin()
    return undefined
  } catch (error) {
    return (error as { code: string }).code
  }
}

it('a caller may have two files at a time, and all callers together eight', () => {
  const files = new FileLimiter()
  const ends = ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd'].map((caller) => files.begin(caller))
  expect(files.usage).toEqual({ size: 8, limit: 8 })
  expect(code(() => files.begin('a'))).toBe('rate_limited')
  expect(code(() => files.begin('e'))).toBe('overloaded')
  ends[0]?.()
  expect(code(() => files.begin('e'))).toBeUndefined()
  expect(code(() => files.begin('a'))).toBe('overloaded')
  for (const end of ends.slice(1)) end()
  expect(files.usage.size).toBe(1)
  expect(code(() => files.begin('a'))).toBeUndefined()
})
