import { expect, it } from 'vitest'
import { wallLayout } from './wall-layout.ts'

it('keeps the pixel of 1920 × 1080 on every panel and gives what is left as room', () => {
  expect(wallLayout(1920, 1080)).toEqual({ kind: 'wide', unitPx: 1, width: 1920, height: 1080 })
  expect(wallLayout(3840, 2160)).toEqual({ kind: 'wide', unitPx: 2, width: 1920, height: 1080 })
  expect(wallLayout(5120, 1440)).toEqual({ kind: 'ultra', unitPx: 4 / 3, width: 3840, height: 1080 })
  expect(wallLayout(1080, 1920)).toEqual({ kind: 'portrait', unitPx: 1, width: 1080, height: 1920 })
  expect(wallLayout(1920, 1200)).toEqual({ kind: 'tall', unitPx: 1, width: 1920, height: 1200 })
  expect(wallLayout(960, 720)).toEqual({ kind: 'tall', unitPx: 0.5, width: 1920, height: 1440 })
})
