import { expect, it } from 'vitest'
import { isDeskPage } from './server-paths.ts'

const browser = 'text/html,application/xhtml+xml,*/*;q=0.8'

it.each(['/people', '/orders/SO-1', '/orders/SO-1.2', '/apiary', '/no/such/page'])(
  'a browser finds the desk at %s',
  (path) => {
    expect(isDeskPage(path, browser)).toBe(true)
  },
)

it.each(['/api/v1/nothing', '/api', '/assets/old-build.js', '/docs/x', '/socket.io/', '/readyz'])(
  'what is missing at %s is no page',
  (path) => {
    expect(isDeskPage(path, browser)).toBe(false)
  },
)

it.each(['*/*', 'application/json', 'image/avif,image/webp,*/*', undefined])(
  'who accepts %s asks for no page',
  (accept) => {
    expect(isDeskPage('/people', accept)).toBe(false)
  },
)
