import { expect, it } from 'vitest'
import { deviceName } from './sessions.tsx'

it.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/148.0.0.0 Safari/537.36', 'Chrome, Windows'],
  ['Mozilla/5.0 (Windows NT 10.0) Chrome/148.0.0.0 Safari/537.36 Edg/148.0', 'Edge, Windows'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1', 'Safari, iOS'],
  ['Mozilla/5.0 (Linux; Android 16) Chrome/148.0 Mobile Safari/537.36 MicroMessenger/8.0', 'WeChat, Android'],
])('%s is shown under its common name', (userAgent, name) => {
  expect(deviceName(userAgent)).toBe(name)
})

it('an unknown device gets no name', () => {
  expect(deviceName('curl/8')).toBeUndefined()
})
