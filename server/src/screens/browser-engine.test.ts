import { expect, it } from 'vitest'
import { browserEngine, showsWall } from './browser-engine.ts'

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'

it.each([
  ['Chromium 120', `Mozilla/5.0 (X11; Linux aarch64) ${webkit} Chrome/120.0.0.0 Safari/537.36`],
  ['Chromium 94', `Mozilla/5.0 (Web0S; Linux/SmartTV) ${webkit} Chrome/94.0.4606.128 Safari/537.36 WebAppManager`],
  [
    'Chromium 76',
    `Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) ${webkit} 76.0.3809.146/6.0 TV Chrome/76.0.3809.146 Safari/537.36`,
  ],
  ['Firefox 128', 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'],
  ['Safari 17', 'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15'],
  [undefined, 'curl/8.5.0'],
  [undefined, undefined],
])('%s is the engine of %s', (engine, userAgent) => {
  expect(browserEngine(userAgent)).toBe(engine)
})

it('an engine before the oldest supported one does not show the wall, and others do as far as is known', () => {
  expect(['Chromium 76', 'Chromium 87', 'Chromium 88', 'Firefox 60', 'Safari 9'].map(showsWall)).toEqual([
    false,
    false,
    true,
    true,
    true,
  ])
})
