import { encode } from 'uqr'
import { expect, it } from 'vitest'
import { codesOf } from './zxing-detector.ts'

/** Draws modules as an image, each a square of `moduleSize` pixels. */
function picture(rows: readonly (readonly boolean[])[], moduleSize: number) {
  const width = (rows[0]?.length ?? 0) * moduleSize
  const height = rows.length * moduleSize
  const data = new Uint8ClampedArray(width * height * 4)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const isDark = rows[Math.floor(y / moduleSize)]?.[Math.floor(x / moduleSize)] === true
      data.fill(isDark ? 20 : 240, (y * width + x) * 4, (y * width + x) * 4 + 4)
    }
  return { data, width, height }
}

it('reads the QR code of an order', () => {
  const { data } = encode('https://stagewatch.example/orders/SO-42', { ecc: 'M', border: 4 })
  expect(codesOf(picture(data, 4))).toEqual(['https://stagewatch.example/orders/SO-42'])
})

it('reads Code 128', () => {
  // Widths of bars and gaps by ISO/IEC 15417: start B, A, B, check, stop. Check: 104 + 1 × 33 + 2 × 34 = 205, modulo
  // 103 = 102.
  const widths = ['211214', '111323', '131123', '411131', '2331112'].join('')
  const bars = widths.split('').flatMap((width, place) => Array<boolean>(Number(width)).fill(place % 2 === 0))
  const quiet = Array<boolean>(12).fill(false)
  const row = [...quiet, ...bars, ...quiet]
  expect(
    codesOf(
      picture(
        Array.from({ length: 40 }, () => row),
        3,
      ),
    ),
  ).toEqual(['AB'])
})

it('finds nothing in a grey picture', () => {
  expect(codesOf(picture([Array<boolean>(60).fill(false)], 4))).toEqual([])
})
