import { expect, it } from 'vitest'
import { orderOfCode } from './scanned-code.ts'

it.each([
  ['SO-2026-00042', 'SO-2026-00042'],
  ['  SO 42\r\n', 'SO 42'],
  ['订单-7', '订单-7'],
  ['https://stagewatch.example/orders/SO%2F42', 'SO/42'],
  ['http://10.0.0.5:4000/orders/SO-42?site=main#log', 'SO-42'],
  ['HTTPS://STAGEWATCH.EXAMPLE/orders/SO-42/', 'SO-42'],
  ['https://stagewatch.example/scan?order=SO-42', 'SO-42'],
  ['https://stagewatch.example/orders/', undefined],
  ['https://stagewatch.example/overview', undefined],
  ['https://stagewatch.example/orders/%E0%A4%A', undefined],
  ['https://[', undefined],
  ['', undefined],
  [' \n', undefined],
  ['x'.repeat(201), undefined],
])('a code with %j is of the order %j', (text, order) => {
  expect(orderOfCode(text)).toBe(order)
})
