import { expect, it } from 'vitest'
import { originAllowed } from './same-origin.ts'

const host = '127.0.0.1:4000'

it.each([
  ['no browser sends an origin', { host }, undefined, true],
  ['the page came from here', { host, origin: 'http://127.0.0.1:4000' }, undefined, true],
  ['the page came through a proxy that ends TLS', { host, origin: 'https://127.0.0.1:4000' }, undefined, true],
  ['the page came from another host', { host, origin: 'http://evil.example' }, undefined, false],
  ['the page came from another port', { host, origin: 'http://127.0.0.1:8080' }, undefined, false],
  [
    'the host has the other one as its beginning',
    { host, origin: 'http://127.0.0.1:4000.evil.example' },
    undefined,
    false,
  ],
  ['the page came from the public address', { host, origin: 'https://wall.example' }, 'https://wall.example/x', true],
  [
    'the page came from the public name without TLS',
    { host, origin: 'http://wall.example' },
    'https://wall.example',
    false,
  ],
  ['the origin is hidden', { host, origin: 'null' }, undefined, false],
  ['the origin is no address', { host, origin: '' }, undefined, false],
])('when %s', (_when, headers, publicUrl, allowed) => {
  expect(originAllowed(headers, publicUrl)).toBe(allowed)
})
