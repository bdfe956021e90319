import { expect, test } from 'vitest'
import { cookieRules, SessionCookie } from './session-cookie.ts'

const cookie = new SessionCookie(cookieRules('https://board.example'), 's'.repeat(32))
const sent = (header: string) => header.split(';', 1)[0]!

test('a cookie that this server wrote is read again, among others', () => {
  expect(cookie.read(`theme=dark; ${sent(cookie.write('abc'))}; x=%`)).toBe('abc')
})

test('a cookie with another secret, or one that was changed, is none', () => {
  const other = new SessionCookie(cookieRules('https://board.example'), 't'.repeat(32))
  expect(cookie.read(sent(other.write('abc')))).toBeUndefined()
  expect(cookie.read(sent(cookie.write('abc')).replace('abc', 'abd'))).toBeUndefined()
  expect(cookie.read('__Host-stagewatch.session_token=abc')).toBeUndefined()
  expect(cookie.read('__Host-stagewatch.session_token=%E0%A4%A')).toBeUndefined()
})

test('over https it belongs to this host alone, and without the prefix it does not count', () => {
  expect(cookie.write('abc')).toMatch(/^__Host-.*; Path=\/; HttpOnly; SameSite=Lax; Secure$/)
  expect(cookie.read(sent(cookie.write('abc')).replace('__Host-', ''))).toBeUndefined()
})

test('without https it can be kept, too', () => {
  expect(new SessionCookie(cookieRules(undefined), 's').write('abc')).toMatch(/^stagewatch\..*; SameSite=Lax$/)
})
