import { expect, it } from 'vitest'
import { safeNext } from './safe-next.ts'

it('a path of this server is followed, its question included', () => {
  expect(safeNext('/pair?code=BCDFGHJK')).toBe('/pair?code=BCDFGHJK')
})

it.each([undefined, '', 'https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
  'no address of somebody else is followed: %s',
  (next) => {
    expect(safeNext(next)).toBe('/account')
  },
)
