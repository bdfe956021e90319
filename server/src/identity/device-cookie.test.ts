import { expect, it } from 'vitest'
import { DeviceCookie } from './device-cookie.ts'
import { cookieRules } from './session-cookie.ts'

const devices = new DeviceCookie(cookieRules('https://board.example'), 's'.repeat(32))
const sent = (header: string) => header.split(';', 1)[0] ?? ''

it('a browser is known again for the account that signed in with it, and for no other', () => {
  const cookies = `theme=dark; ${sent(devices.write('li@example.com'))}`
  const device = devices.read(cookies, 'li@example.com')
  // 16 random bytes.
  expect(device).toMatch(/^[\w-]{22}$/)
  expect(devices.read(cookies, 'wu@example.com')).toBeUndefined()
  expect(devices.read(sent(devices.write('li@example.com')), 'li@example.com')).not.toBe(device)
})

it('a cookie of another server, or one that was changed, names no browser', () => {
  const read = (cookies: string) => devices.read(cookies, 'li@example.com')
  const cookie = sent(devices.write('li@example.com'))
  const other = new DeviceCookie(cookieRules('https://board.example'), 't'.repeat(32))
  const [name = ''] = cookie.split('=', 1)
  const changed = [sent(other.write('li@example.com')), `${cookie}.x`, `${cookie}x`, `${name}=x`, `${name}=`, '']
  expect(changed.map(read)).toEqual(changed.map(() => undefined))
  expect(read(cookie.replace('=', '=x'))).toBeUndefined()
})

it('the cookie is kept for a year, by this host alone over https, and where there is none as well', () => {
  expect(devices.write('a')).toMatch(
    /^__Host-stagewatch\.device=.*; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
  )
  const plain = new DeviceCookie(cookieRules('http://board.example'), 's').write('a')
  expect(plain).toMatch(/^stagewatch\.device=.*; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax$/)
})
